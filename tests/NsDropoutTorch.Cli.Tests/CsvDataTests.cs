using System.Globalization;
using System.Text.Json.Nodes;
using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Tests;

public sealed class CsvDataTests : IDisposable
{
    private static readonly string[] Small =
        ["--epochs", "1", "--layers", "none", "--hidden", "4", "--batch-size", "full", "--threads", "1", "--device", "cpu", "--quiet"];

    private readonly Sandbox sandbox = new();

    // As MNIST is written as CSV: the label in front, and a pixel that is always 0 behind.
    private readonly string rows = string.Concat(
        Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 3},{i * 7 % 31},{i * 11 % 29},{i % 3 * 40},0\n")));

    public CsvDataTests() => File.WriteAllText(sandbox["digits.csv"], rows);

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void Compare_LabelInFront_IsRefusedWithTheOption()
    {
        var outcome = Cli.Run(["compare", "--dataset", "digits.csv", .. Small]);

        Assert.Equal(
            (1, "The label column must hold at least two classes, but column 5 of digits.csv holds '0' in every row; --label first takes column 1, which has 3 values.\n"),
            (outcome.ExitCode, outcome.Error));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void Compare_LabelFirst_SaysWhatWasTakenAndKeepsIt(string jobs)
    {
        var outcome = Cli.Run(["compare", "--dataset", "digits.csv", "--label", "first", "--header", "no", .. Small, "--jobs", jobs, "--out", "out"]);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.StartsWith("digits.csv, class in column 1: 0, 1, 2\n", outcome.Output, StringComparison.Ordinal);
        var document = JsonNode.Parse(File.ReadAllText(sandbox["out/results.json"]))!;
        Assert.Equal("column 1", (string)document["environment"]!["data"]!["labelColumn"]!);
        Assert.Equal(["0", "1", "2"], document["environment"]!["data"]!["classes"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(("first", "no"), ((string)document["settings"]!["label"]!, (string)document["settings"]!["header"]!));
        var audit = Cli.Run("audit", "--checkpoint", sandbox["out/models/none-22.ckpt"], "--quiet", "--device", "cpu");
        Assert.Equal((0, ""), (audit.ExitCode, audit.Error));
    }

    [Fact]
    public void Compare_OtherLabelInTheSameFolder_IsRefused()
    {
        Assert.Equal(0, Cli.Run(["compare", "--dataset", "digits.csv", "--label", "1", "--header", "no", .. Small, "--out", "out"]).ExitCode);

        var other = Cli.Run(["compare", "--dataset", "digits.csv", "--label", "4", "--header", "no", .. Small, "--out", "out"]);

        Assert.Equal(1, other.ExitCode);
        Assert.Contains("was made with label = \"1\", and this asks for \"4\"", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_DataWithOtherClasses_IsRefused()
    {
        Assert.Equal(0, Cli.Run(["compare", "--dataset", "digits.csv", "--label", "1", "--header", "no", .. Small, "--out", "out"]).ExitCode);
        File.WriteAllText(sandbox["other.csv"], rows.Replace("\n2,", "\n7,", StringComparison.Ordinal));

        var outcome = Cli.Run("audit", "--checkpoint", sandbox["out/models/none-22.ckpt"], "--dataset", "other.csv", "--label", "1", "--header", "no", "--quiet", "--device", "cpu");

        Assert.Equal(
            (1, "the data set must have the classes that the network was trained on, in the same order, but number 3 is '7' in other.csv and was '2'.\n"),
            (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public void Compare_HeaderThatIsNoChoice_IsBadUsage()
    {
        var outcome = Cli.Run(["compare", "--dataset", "digits.csv", "--header", "maybe", .. Small]);

        Assert.Equal((2, "--header must be yes, no or auto, but got 'maybe'.\n"), (outcome.ExitCode, outcome.Error));
    }
}
