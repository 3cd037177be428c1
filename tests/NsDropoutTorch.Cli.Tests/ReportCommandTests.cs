using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Tests;

public sealed class ReportCommandTests
{
    private const string Results =
        """
        {
          "schema": 1,
          "environment": {
            "project": "0.1.0", "torchSharp": "t", "libtorch": "l", "dotnet": "d", "os": "o", "architecture": "x64", "processor": null, "cores": 1, "threads": 1,
            "device": "cpu", "started": "2025-01-02T03:04:05+00:00", "data": { "source": "s", "trainCount": 1, "testCount": 1, "files": [] }
          },
          "settings": { "dataset": "digits", "layers": ["none"], "seeds": [22] },
          "runs": [],
          "comparisons": []
        }
        """;

    [Fact]
    public void Run_FolderWithResults_WritesTheReportAndPrintsItsPath()
    {
        using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox["results"]);
        File.WriteAllText(sandbox["results/results.json"], Results);

        var outcome = Cli.Run("report", sandbox["results"]);

        Assert.Equal((0, $"{sandbox["results/report.html"]}\n", ""), (outcome.ExitCode, outcome.Output, outcome.Error));
        Assert.Contains("none on digits", File.ReadAllText(sandbox["results/report.html"]), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFileSystemEntries(sandbox["results"]).Length);
    }

    [Fact]
    public void Run_FolderWithoutResults_SaysWhatWritesThem()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run("report", "nowhere");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Equal("DIR must hold results.json, but 'nowhere' has none; nsdropout compare --out DIR writes one.\n", outcome.Error);
    }

    [Theory]
    [InlineData("{ \"schema\": 2")]
    [InlineData("{ \"schema\": 1 }")]
    [InlineData("{ \"schema\": 1, \"environment\": null, \"settings\": null, \"runs\": null, \"comparisons\": null }")]
    [InlineData("null")]
    [InlineData("")]
    public void Run_ResultsThatAreNone_SaysSoAndWritesNothing(string text)
    {
        using var sandbox = new Sandbox();
        File.WriteAllText(sandbox["results.json"], text);

        var outcome = Cli.Run("report", sandbox.Folder);

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith($"{sandbox["results.json"]}: results must be ", outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(sandbox["report.html"]));
    }

    [Fact]
    public void Run_NoFolder_IsBadUsage()
    {
        var outcome = Cli.Run("report");

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith("See nsdropout --help.\n", outcome.Error, StringComparison.Ordinal);
    }
}
