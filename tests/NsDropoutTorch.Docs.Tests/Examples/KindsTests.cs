using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Examples;

/// <summary>Models and targets of other kinds learn what they are to learn, and a run that was killed goes on to the same bits.</summary>
public sealed class KindsTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Theory]
    [InlineData("regression", "test R2 ([0-9.]+)", 0.92, 1)]
    [InlineData("multi-label", "of the test labels ([0-9.]+) %", 0, 4)]
    [InlineData("tokens", "of the test tokens ([0-9.]+) %", 0, 1)]
    [InlineData("pixels", "of the test pixels ([0-9.]+) %", 0, 2)]
    [InlineData("autoencoder", "of the test images' variance ([0-9.]+) %", 75, 100)]
    [InlineData("two-inputs", "of the test pairs ([0-9.]+) %", 0, 10)]
    public void Kind_LearnsAndGoesOnAfterAKillToTheSameBits(string kind, string pattern, double lowest, double highest)
    {
        var whole = LastLine(ExampleProgram.Run("Kinds", kind));
        Kill(kind, afterEpochs: 4);
        var checkpoint = Path.Combine(folder.Path, kind, "last.ckpt");
        Assert.True(File.Exists(checkpoint), $"{checkpoint} must have been written before the process was killed.");

        var resumed = LastLine(ExampleProgram.Run("Kinds", kind, folder.Path));

        Assert.Equal(whole, resumed);
        Assert.InRange(double.Parse(Regex.Match(whole, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value, CultureInfo.InvariantCulture), lowest, highest);
    }

    [Fact]
    public void Kind_Unknown_SaysWhichThereAre()
    {
        var (exitCode, _, error) = ExampleProgram.Invoke("Kinds", "images");

        Assert.Equal(1, exitCode);
        Assert.Equal("the kind must be one of regression, multi-label, tokens, pixels, autoencoder, two-inputs or all, but got 'images'.", error.Trim());
    }

    public void Dispose() => folder.Dispose();

    private static string LastLine(string output) => output.TrimEnd().Split('\n')[^1];

    private void Kill(string kind, int afterEpochs)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var process = Process.Start(new ProcessStartInfo(dotnet, [Assembly.Load("Kinds").Location, kind, folder.Path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        for (var epoch = 0; epoch < afterEpochs; epoch++)
        {
            Assert.StartsWith("epoch ", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        }

        process.Kill();
        process.WaitForExit();
    }
}
