using NsDropoutTorch.Cli.Commands;
using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Tests;

/// <summary>Runs the command in this process.</summary>
internal static class Cli
{
    public static Outcome Run(params string[] args) => Run(CancellationToken.None, args);

    public static Outcome Run(CancellationToken cancellationToken, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = CommandLine.Run(args, new CliHost(output, error, TimeProvider.System, cancellationToken));
        return new(exitCode, output.ToString(), error.ToString());
    }

    internal sealed record Outcome(int ExitCode, string Output, string Error);
}
