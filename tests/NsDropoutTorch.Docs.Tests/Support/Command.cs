using System.Diagnostics;

namespace NsDropoutTorch.Docs.Tests.Support;

/// <summary>A program in a process of its own.</summary>
internal static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="prepare">Changes what it finds in its environment.</param>
    public static Outcome Run(string program, IReadOnlyList<string> arguments, string folder, Action<IDictionary<string, string?>> prepare)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        prepare(start.Environment);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} must end within {Patience}, but did not.");
        }

        return new(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>What a command left.</summary>
    internal sealed record Outcome(int ExitCode, string Output, string Error)
    {
        public string All => Output + Error;

        /// <summary>Itself, if the command ended well; else the test fails and shows what it said.</summary>
        public Outcome Succeeded()
        {
            Assert.True(ExitCode == 0, All);
            return this;
        }
    }
}
