using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>The tool as its packages install it, once for all tests that run it.</summary>
public sealed class InstalledTool : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Lazy<string> command;

    public InstalledTool(PackedFiles packages) => command = new(() => Install(packages.ToolFolder));

    /// <summary>The full path of something beside the installed tool.</summary>
    internal string PathOf(string name) => folder.PathOf(name);

    /// <summary>The one file of that name that was installed.</summary>
    internal string Find(string name)
    {
        var installed = Path.GetDirectoryName(command.Value)!;
        return Directory.GetFiles(installed, name, SearchOption.AllDirectories).Single();
    }

    /// <summary>Runs it outside of the repository; it must end well.</summary>
    internal Command.Outcome Run(params IReadOnlyList<string> arguments) =>
        // It brings optdigits with it.
        Command.Run(command.Value, arguments, folder.Path, environment => environment.Remove("NSDROPOUT_DATA")).Succeeded();

    public void Dispose() => folder.Dispose();

    private string Install(string packages)
    {
        Command.Run("dotnet", ["tool", "install", PackedFiles.Tool, "--tool-path", folder.PathOf("tool"), "--source", packages], folder.Path, Dotnet.Prepare).Succeeded();
        return Path.Combine(folder.PathOf("tool"), OperatingSystem.IsWindows() ? $"{PackedFiles.Tool}.exe" : PackedFiles.Tool);
    }
}
