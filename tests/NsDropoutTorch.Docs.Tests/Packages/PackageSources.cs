using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>Settings of NuGet by which this project's packages come from a folder, and all others from where the tests have theirs.</summary>
internal static class PackageSources
{
    /// <param name="packed">The folder of the libraries' packages.</param>
    /// <param name="tool">The folder of the tool's packages; null: the tool cannot be installed.</param>
    // Mapped, so that no package of this project that somebody has installed before is taken for the one that was packed.
    public static string Of(string packed, string? tool = null) => $"""
        <configuration>
          <packageSources>
            <clear />
            <add key="packed" value="{packed}" />
            <add key="restored" value="{Dotnet.PackageFolder}" />
            {(tool is null ? "" : $"""<add key="tool" value="{tool}" />""")}
          </packageSources>
          <packageSourceMapping>
            <packageSource key="packed"><package pattern="NsDropoutTorch*" /></packageSource>
            <packageSource key="restored"><package pattern="*" /></packageSource>
            {(tool is null ? "" : $"""<packageSource key="tool"><package pattern="{PackedFiles.Tool}" /><package pattern="{PackedFiles.PlatformTool}" /></packageSource>""")}
          </packageSourceMapping>
        </configuration>
        """;
}
