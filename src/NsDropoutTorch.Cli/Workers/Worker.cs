using System.Diagnostics;
using System.Text.Json;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Cli.Workers;

/// <summary>A process of this executable that carries out one run after the other.</summary>
internal sealed class Worker : IDisposable
{
    /// <summary>Name of the hidden command that a worker process runs.</summary>
    public const string CommandName = "worker";

    private readonly Process process;
    private readonly Task<string> errors;

    private Worker(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    public static Worker Start(WorkOrder order)
    {
        var worker = new Worker(Process.Start(StartInfo())!);
        worker.Send(order);
        return worker;
    }

    /// <summary>Carries out a run; blocks until it is finished.</summary>
    /// <exception cref="FailureException">The process ended without a result.</exception>
    public RunResult Run(ComparisonRun run)
    {
        Send(run);
        return process.StandardOutput.ReadLine() is { } line ? Message.Read<RunResult>(line) : throw new FailureException(
            Invariant($"Every run must end with a result, but {run.Layer} with seed {run.Seed} ended without: {LastWords()}"));
    }

    /// <summary>Ends the process at once; a run that waits for it fails.</summary>
    public void Kill() => process.Kill();

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static ProcessStartInfo StartInfo()
    {
        var command = ThisProgram.Command;
        return new(command[0], [.. command.Skip(1), CommandName])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
    }

    // A process that is gone answers with the end of its output, which says more than a broken pipe.
    private void Send<T>(T message)
    {
        try
        {
            Message.Write(process.StandardInput, message);
        }
        catch (IOException)
        {
            process.Kill();
        }
    }

    private string LastWords()
    {
        process.WaitForExit();
        var text = errors.GetAwaiter().GetResult().Trim();
        return text.Length > 0 ? text : Invariant($"the process returned {process.ExitCode} and said nothing.");
    }
}

/// <summary>What a worker process is told first; the runs follow one by one.</summary>
/// <param name="Settings">What is compared and how.</param>
/// <param name="Dataset">Name or path of the data set.</param>
/// <param name="Data">Folder of data sets; null: the usual places.</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Threads">Threads to compute with.</param>
/// <param name="Models">Folder for trained networks; null: none are kept.</param>
internal sealed record WorkOrder(ComparisonSettings Settings, string Dataset, string? Data, string Device, int Threads, string? Models);

/// <summary>What parent and worker say to each other: one JSON document a line.</summary>
internal static class Message
{
    public static void Write<T>(TextWriter writer, T message)
    {
        writer.WriteLine(JsonSerializer.Serialize(message, RunJson.Compact));
        writer.Flush();
    }

    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, RunJson.Compact)!;
}
