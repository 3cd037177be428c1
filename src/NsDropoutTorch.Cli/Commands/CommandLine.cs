using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Workers;
using NsDropoutTorch.Data;

namespace NsDropoutTorch.Cli.Commands;

/// <summary>The command <c>nsdropout</c>: parses, runs and turns whatever goes wrong into one sentence and an exit code.</summary>
internal static class CommandLine
{
    private const string Name = "nsdropout";

    private const string Description =
        "Trains the same network with different ways to regularise, NSDropout among them, and compares them.";

    private const string Defect =
        "This is a defect of nsdropout and no fault of yours: please report it to the project, with the lines above, the command that was typed, and what nsdropout doctor prints.";

    public static int Run(string[] args, CliHost host)
    {
        var parsed = Root(host).Parse(args);
        if (EmptyValue.In(parsed) is { } sentence)
        {
            host.Error.WriteLine(sentence);
            return ExitCode.BadUsage;
        }

        if (parsed.Errors.Count > 0)
        {
            host.Error.WriteLine(parsed.Errors.FirstOrDefault(OptionReader.IsOwn) is { } error ? Sentence(error.Message) : $"{Sentence(UsageError(parsed))} See nsdropout --help.");
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
        StatusCommand.Create(host), CancelCommand.Create(host), GatherCommand.Create(host), RunUnitCommand.Create(host), WorkerCommand.Create(host),
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
        catch (UserErrorException e)
        {
            return Report(host, e, ExitCode.Failure);
        }
        catch (ExternalException e) when (e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase))
        {
            return Report(host, new FailureException($"a training must fit into the memory of its device, but libtorch ran out of it ({FirstLine(e.Message)}); a lower --batch-size takes less", e), ExitCode.Failure);
        }
#pragma warning disable CA1031 // Nothing is hidden: it is shown with its trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            host.Error.WriteLine(e);
            host.Error.WriteLine(Defect);
            return ExitCode.Failure;
        }
    }

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('.', '\r');

    private static int Report(CliHost host, Exception exception, int exitCode)
    {
        host.Error.WriteLine(Sentence(exception.Message));
        return exitCode;
    }

    private static string Sentence(string message) => message.EndsWith('.') || message.EndsWith('?') ? message : message + ".";
}

/// <summary>Finds what was given without a value: no option and no argument has a use for an empty text.</summary>
internal static class EmptyValue
{
    /// <summary>A sentence on the first of them; null where there is none.</summary>
    /// <param name="parsed">The command line.</param>
    public static string? In(ParseResult parsed)
    {
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = command.Parent)
        {
            foreach (var child in command.Children.Where(child => child is OptionResult or ArgumentResult))
            {
                if (child.Tokens.FirstOrDefault(token => string.IsNullOrWhiteSpace(token.Value)) is { } token)
                {
                    return $"{NameOf(child)} must have a value, but got '{token.Value}'.";
                }
            }
        }

        return null;
    }

    private static string NameOf(SymbolResult result) => result is OptionResult option ? option.Option.Name : ((ArgumentResult)result).Argument.Name;
}
