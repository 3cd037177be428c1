using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>Settings of NuGet by which this project's packages come from a folder, and all others from where the tests have theirs.</summary>
internal static class PackageSources
{
    // Mapped, so that no package of this project that somebody has installed before is taken for the one that was packed.
    public static string Of(string packed) => $"""
        <configuration>
          <packageSources>
            <clear />
            <add key="packed" value="{packed}" />
            <add key="restored" value="{Dotnet.PackageFolder}" />
          </packageSources>
          <packageSourceMapping>
            <packageSource key="packed"><package pattern="NsDropoutTorch*" /></packageSource>
            <packageSource key="restored"><package pattern="*" /></packageSource>
          </packageSourceMapping>
        </configuration>
        """;
}
