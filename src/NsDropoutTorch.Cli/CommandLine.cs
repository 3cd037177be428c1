using System.CommandLine;
using System.Runtime.InteropServices;
using NsDropoutTorch.Cli.Doctor;
using NsDropoutTorch.Cli.Runs;
using NsDropoutTorch.Training.Data;

namespace NsDropoutTorch.Cli;

/// <summary>The command <c>nsdropout</c>: parses, runs and turns whatever goes wrong into one sentence and an exit code.</summary>
internal static class CommandLine
{
    private const string Name = "nsdropout";

    private const string Description =
        "Trains the same network with different ways to regularise, NSDropout among them, and compares them honestly.";

    public static int Run(string[] args, CliHost host)
    {
        var parsed = Root(host).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            host.Error.WriteLine($"{Sentence(UsageError(parsed))} See nsdropout --help.");
            return ExitCode.BadUsage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = host.Output,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return Guarded(host, () => parsed.Invoke(configuration));
    }

    private static RootCommand Root(CliHost host) => new(Description)
    {
        CompareCommand.Create(host), AuditCommand.Create(host), LayersCommand.Create(host), ReportCommand.Create(host), DataCommand.Create(host), DoctorCommand.Create(host),
        WorkerCommand.Create(host),
    };

    private static string UsageError(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var name = command is RootCommand ? Name : command.Name;
        string[] known = [.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name), .. command.Options.Select(option => option.Name)];
        if (parsed.UnmatchedTokens is not [{ } token, ..])
        {
            return parsed.Errors[0].Message;
        }

        return known.Length == 0 ? $"{name} has no options, but got '{token}'" : $"{name} knows no '{token}'; the nearest is '{NearestName.Of(token, known)}'";
    }

    private static int Guarded(CliHost host, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (OperationCanceledException) when (host.CancellationToken.IsCancellationRequested)
        {
            host.Error.WriteLine("Cancelled.");
            return ExitCode.Cancelled;
        }
        catch (UsageException e)
        {
            return Report(host, e, ExitCode.BadUsage);
        }
        catch (UnknownDatasetException e)
        {
            return Report(host, e, ExitCode.BadUsage);
        }
        catch (Exception e) when (IsForTheUser(e))
        {
            return Report(host, e, ExitCode.Failure);
        }
    }

    // Anything else is a defect of the program and shows its stack trace.
    private static bool IsForTheUser(Exception e) =>
        e is FailureException or DataFormatException or DatasetUnavailableException or ArgumentException
            or NotSupportedException or IOException or UnauthorizedAccessException or HttpRequestException or ExternalException;

    private static int Report(CliHost host, Exception exception, int exitCode)
    {
        host.Error.WriteLine(Sentence(exception.Message));
        return exitCode;
    }

    private static string Sentence(string message) => message.EndsWith('.') || message.EndsWith('?') ? message : message + ".";
}
