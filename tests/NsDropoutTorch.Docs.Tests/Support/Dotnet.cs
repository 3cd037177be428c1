using System.Diagnostics;
using System.Reflection;

namespace NsDropoutTorch.Docs.Tests.Support;

/// <summary>The command <c>dotnet</c>, in a process that builds as these tests were built.</summary>
internal static class Dotnet
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>The provider of TorchSharp that these tests were built with.</summary>
    public static string Provider { get; } = Metadata("TorchProvider");

    /// <summary>What they were built as: Debug or Release. Builds of the same kind find most of their work done.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>Runs a command in the root of the repository.</summary>
    /// <param name="arguments">After <c>dotnet</c>.</param>
    public static Outcome Run(params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Prepare(start.Environment);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet {string.Join(' ', arguments)} must end within {Patience}, but did not.");
        }

        return new(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private static void Prepare(IDictionary<string, string?> environment)
    {
        // What the test host sets for itself would reach the builds.
        foreach (var name in environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            environment.Remove(name);
        }

        environment["DOTNET_NOLOGO"] = "1";
        environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        // Nothing that holds the output open may live on when the command has ended.
        environment["MSBUILDDISABLENODEREUSE"] = "1";
        environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        environment["UseSharedCompilation"] = "false";
        environment["TorchProvider"] = Provider;
        if (Metadata("RestoreAdditionalProjectSources") is { Length: > 0 } sources)
        {
            environment["RestoreAdditionalProjectSources"] = sources;
        }
    }

    private static string Metadata(string key) => typeof(Dotnet).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value ?? "";

    /// <summary>What a command left.</summary>
    internal sealed record Outcome(int ExitCode, string Output, string Error)
    {
        public string All => Output + Error;
    }
}
