using System.Diagnostics;
using System.Text.Json.Nodes;
using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Tests.Workers;

public sealed class InterruptedComparisonTests
{
    private static readonly string[] Compare =
    [
        "compare", "--dataset", "optdigits", "--layers", "none,dropout,nsdropout", "--seeds", "22..25", "--epochs", "60", "--hidden", "32", "--threads", "1", "--device", "cpu", "--quiet",
    ];

    private static readonly string[] Endless = [.. Compare.Select(argument => argument == "60" ? "100000" : argument)];

    [Fact]
    public void Run_KilledThreeTimes_EndsWithTheResultsOfOneProcessNeverInterrupted()
    {
        using var sandbox = new Sandbox();

        foreach (var enough in new[] { 1, 4, 8 })
        {
            KillOnce(sandbox, enough);
        }

        var kept = Runs(sandbox);
        Assert.InRange(kept.Count, 8, 11);
        Assert.Equal(0, Cli.Run([.. Compare, "--jobs", "2", "--out", "killed"]).ExitCode);
        Assert.Equal(0, Cli.Run([.. Compare, "--out", "whole"]).ExitCode);

        Assert.Equal(ResultsDocument.WithoutTimes(File.ReadAllText(sandbox["whole/results.json"])), ResultsDocument.WithoutTimes(File.ReadAllText(sandbox["killed/results.json"])));
        var after = Runs(sandbox);
        Assert.Equal(12, after.Count);
        // A run holds its times, so one that was made again would differ.
        Assert.All(kept, run => Assert.Equal(run.Value, after[run.Key]));
    }

    [Fact]
    public void Run_Killed_TakesItsWorkersAlong()
    {
        // Who is whose child is told by Linux alone; WorkerCommandTests hold the means for every system.
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var sandbox = new Sandbox();
        using var parent = Program.Start([.. Endless, "--jobs", "2", "--out", "results"]);
        Program.WaitUntil(() => Program.ChildrenOf(parent).Length > 0, parent);
        var children = Program.ChildrenOf(parent);
        Assert.NotEmpty(children);

        parent.Kill();
        parent.WaitForExit();

        Program.WaitUntil(() => !children.Any(child => Directory.Exists($"/proc/{child}")), Process.GetCurrentProcess());
    }

    private static void KillOnce(Sandbox sandbox, int enough)
    {
        using var process = Program.Start([.. Compare, "--jobs", "2", "--out", "killed"]);
        Program.WaitUntil(() => Count(sandbox) >= enough, process);
        Assert.False(process.HasExited, "It ended before it could be killed.");
        process.Kill();
        process.WaitForExit();
    }

    private static int Count(Sandbox sandbox) => Directory.Exists(sandbox["killed/runs"]) ? Directory.GetFiles(sandbox["killed/runs"], "*.json").Length : 0;

    private static Dictionary<string, string> Runs(Sandbox sandbox) =>
        Directory.GetFiles(sandbox["killed/runs"], "*.json").ToDictionary(path => Path.GetFileName(path), File.ReadAllText);
}
