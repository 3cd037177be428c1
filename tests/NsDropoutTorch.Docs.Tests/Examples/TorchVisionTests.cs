using System.Text.RegularExpressions;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Examples;

public sealed partial class TorchVisionTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Quick_OnFilesOfTorchvisionsFolder_MeasuresFourWaysWithTheSameSeedsAndRepeats()
    {
        TinyFashion.WriteCompressed(folder.Path);
        var before = Directory.GetDirectories(Path.GetTempPath(), "torchvision-*");

        var output = ExampleProgram.Run("AugmentedFashion", "--quick", "--data", folder.Path);

        var lines = Line().Matches(output);
        Assert.Equal(
            from way in new[] { "augmentation off, dropout 0", "augmentation off, dropout 0.5", "augmentation on, dropout 0", "augmentation on, dropout 0.5" }
            from seed in new[] { "1", "2" }
            select (way, seed),
            lines.Select(line => (line.Groups["way"].Value, line.Groups["seed"].Value)));
        // Each way trains another network, and a second run the same ones again.
        var errors = lines.Select(line => line.Groups["errors"].Value).ToArray();
        Assert.Equal(8, errors.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(errors, Line().Matches(ExampleProgram.Run("AugmentedFashion", "--quick", "--data", folder.Path)).Select(line => line.Groups["errors"].Value));
        Assert.Equal(4, Row().Count(output));
        Assert.Equal(before, Directory.GetDirectories(Path.GetTempPath(), "torchvision-*"));
    }

    [Fact]
    public void Quick_OtherTestLabels_ChangeTestErrorsAlone()
    {
        var (own, other) = (Errors(turnsTestLabels: false), Errors(turnsTestLabels: true));

        Assert.Equal(own.Select(errors => errors[..errors.IndexOf(", test", StringComparison.Ordinal)]), other.Select(errors => errors[..errors.IndexOf(", test", StringComparison.Ordinal)]));
        Assert.NotEqual(own, other);

        string[] Errors(bool turnsTestLabels)
        {
            TinyFashion.WriteCompressed(folder.Path, turnsTestLabels);
            return [.. Line().Matches(ExampleProgram.Run("AugmentedFashion", "--quick", "--data", folder.Path)).Select(line => line.Groups["errors"].Value)];
        }
    }

    [Fact]
    public void Run_WithoutTheData_SaysWhatItNeeds()
    {
        var before = Environment.GetEnvironmentVariable("NSDROPOUT_DATA");
        Environment.SetEnvironmentVariable("NSDROPOUT_DATA", null);
        try
        {
            Assert.Equal(
                (1, "", "This example needs Fashion-MNIST: fetch it with `nsdropout data download fashion-mnist`, or name a folder that holds it by --data or NSDROPOUT_DATA.\n"),
                ExampleProgram.Invoke("AugmentedFashion", "--data", folder.Path));
        }
        finally
        {
            Environment.SetEnvironmentVariable("NSDROPOUT_DATA", before);
        }
    }

    [GeneratedRegex("^(?<way>augmentation .+), seed (?<seed>[0-9]+): (?<errors>errors train [0-9.]+ %, validation [0-9.]+ %, test [0-9.]+ %) ", RegexOptions.Multiline, 1_000)]
    private static partial Regex Line();

    [GeneratedRegex("^│ (on|off) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Row();
}
