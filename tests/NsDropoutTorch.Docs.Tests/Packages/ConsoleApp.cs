using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>A console application outside of the repository, which takes this project's packages from a folder and all others from where the tests have theirs.</summary>
/// <remarks>Its project is not there before <c>dotnet new console</c> has made it.</remarks>
internal sealed class ConsoleApp : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly PackedFiles packages;
    private readonly string name;

    /// <param name="packages">Which packages.</param>
    /// <param name="name">Of the application.</param>
    /// <param name="withTool">Whether the tool can be installed as well.</param>
    public ConsoleApp(PackedFiles packages, string name, bool withTool = false)
    {
        (this.packages, this.name) = (packages, name);
        File.WriteAllText(folder.PathOf("nuget.config"), PackageSources.Of(packages.LibraryFolder, withTool ? packages.ToolFolder : null));
    }

    /// <summary>The folder that the folder of its project is in.</summary>
    public string Above => folder.Path;

    /// <summary>The folder of its project.</summary>
    public string Root => folder.PathOf(name);

    /// <summary>What its Program.cs holds.</summary>
    public string Program
    {
        set => File.WriteAllText(Path.Combine(Root, "Program.cs"), value);
    }

    /// <summary>Runs <c>dotnet</c> in its folder.</summary>
    public Command.Outcome Dotnet(params IReadOnlyList<string> arguments) => Run("dotnet", arguments, Root);

    /// <summary>Runs a program that finds what <c>dotnet</c> finds.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="where">The folder that it runs in.</param>
    /// <param name="packageFolder">Where packages are, or come to be; null: where all applications of the tests have theirs.</param>
    public Command.Outcome Run(string program, IReadOnlyList<string> arguments, string where, string? packageFolder = null) => Command.Run(program, arguments, where, environment =>
    {
        Support.Dotnet.Prepare(environment);
        environment["NUGET_PACKAGES"] = packageFolder ?? packages.RestoreFolder;
        // They were verified when the tests were restored.
        environment["DOTNET_NUGET_SIGNATURE_VERIFICATION"] = "false";
        // A stranger has no data but what the application or the tool brings.
        environment.Remove("NSDROPOUT_DATA");
    });

    /// <summary>Types commands into a shell in its folder.</summary>
    public Command.Outcome Shell(string commands) => Command.Run("bash", ["-c", commands], Root, _ => { });

    public void Dispose() => folder.Dispose();
}
