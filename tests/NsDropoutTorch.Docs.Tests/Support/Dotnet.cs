using System.Reflection;

namespace NsDropoutTorch.Docs.Tests.Support;

/// <summary>The command <c>dotnet</c>, in a process that builds as these tests were built.</summary>
internal static class Dotnet
{
    /// <summary>What they were built as: Debug or Release. Builds of the same kind find most of their work done.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>Which TorchSharp they were built with.</summary>
    public static string TorchDevice { get; } = Metadata("TorchDevice");

    /// <summary>The folder that their packages were restored to, with a slash at its end; it is a source of packages, too.</summary>
    public static string PackageFolder { get; } = Path.TrimEndingDirectorySeparator(Metadata("NuGetPackageRoot")) + Path.DirectorySeparatorChar;

    /// <summary>Runs a command in the root of the repository.</summary>
    /// <param name="arguments">After <c>dotnet</c>.</param>
    public static Command.Outcome Run(params IReadOnlyList<string> arguments) => Command.Run("dotnet", arguments, Repository.Root, environment =>
    {
        Prepare(environment);
        environment["TorchDevice"] = TorchDevice;
        if (Metadata("RestoreAdditionalProjectSources") is { Length: > 0 } sources)
        {
            environment["RestoreAdditionalProjectSources"] = sources;
        }
    });

    /// <summary>Takes from the environment of a command what the tests have put there, and makes it say no more than it must.</summary>
    /// <param name="environment">Of a process that is to run <c>dotnet</c>.</param>
    public static void Prepare(IDictionary<string, string?> environment)
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
    }

    private static string Metadata(string key) => typeof(Dotnet).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value ?? "";
}
