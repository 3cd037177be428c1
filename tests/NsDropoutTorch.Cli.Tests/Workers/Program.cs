using System.Diagnostics;
using NsDropoutTorch.Cli.Commands;
using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Tests.Workers;

/// <summary>The real program, in a process of its own.</summary>
internal static class Program
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Process Start(params string[] args) => Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. args])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = Directory.GetCurrentDirectory(),
    })!;

    /// <summary>Runs the program that lies in <paramref name="folder"/> to its end.</summary>
    public static Cli.Outcome RunIn(string folder, Dictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "nsdropout.dll"), .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Directory.GetCurrentDirectory(),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output.ReplaceLineEndings("\n"), error.GetAwaiter().GetResult().ReplaceLineEndings("\n"));
    }

    public static void WaitUntil(Func<bool> condition, Process process)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition() && !process.HasExited)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "It takes too long.");
            Thread.Sleep(20);
        }
    }

    /// <summary>Processes whose parent is <paramref name="process"/>, as Linux tells it.</summary>
    public static int[] ChildrenOf(Process process) =>
    [
        .. Directory.EnumerateDirectories($"/proc/{process.Id}/task")
            .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(int.Parse),
    ];
}
