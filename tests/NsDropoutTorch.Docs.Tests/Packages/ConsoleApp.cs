using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>A console application outside of the repository, which takes this project's packages from a folder and all others from where the tests have theirs.</summary>
internal sealed class ConsoleApp : IDisposable
{
    private readonly TempFolder folder = new();

    public ConsoleApp(string packages)
    {
        Directory.CreateDirectory(Root);
        File.WriteAllText(folder.PathOf("nuget.config"), PackageSources.Of(packages));
        Dotnet("new", "console", "--no-restore").Succeeded();
    }

    /// <summary>The folder of its project.</summary>
    public string Root => folder.PathOf("app");

    /// <summary>What its Program.cs holds.</summary>
    public string Program
    {
        set => File.WriteAllText(Path.Combine(Root, "Program.cs"), value);
    }

    /// <summary>Runs <c>dotnet</c> in its folder.</summary>
    public Command.Outcome Dotnet(params IReadOnlyList<string> arguments) => Command.Run("dotnet", arguments, Root, environment =>
    {
        Support.Dotnet.Prepare(environment);
        environment["NUGET_PACKAGES"] = folder.PathOf("packages");
        // They were verified when the tests were restored.
        environment["DOTNET_NUGET_SIGNATURE_VERIFICATION"] = "false";
    });

    /// <summary>Types commands into a shell in its folder.</summary>
    public Command.Outcome Shell(string commands) => Command.Run("bash", ["-c", commands], Root, _ => { });

    public void Dispose() => folder.Dispose();
}
