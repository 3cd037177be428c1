using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>The copy of TorchSharp's library for Linux that older systems load. Set-up makes it where this machine needs it; the tool's package brings it everywhere.</summary>
internal static class LoadableLibrary
{
    public const string Name = "libLibTorchSharp.so";

    private static readonly string Version = Repository.VersionOf("TorchSharp");
    private static readonly string Copy = $".native/{Version}/{Name}";

    /// <summary>The copy's full path.</summary>
    public static string Path { get; } = Repository.PathOf(Copy);

    /// <summary>The command that makes it, after <c>dotnet</c>.</summary>
    public static IReadOnlyList<string> Command { get; } =
        ["run", "scripts/LoadableTorchSharp.cs", "--", $"{Dotnet.PackageFolder}torchsharp/{Version}/runtimes/linux-x64/native/{Name}", Copy];

    /// <summary>Makes it where it is not there yet.</summary>
    public static void Make()
    {
        if (!File.Exists(Path))
        {
            Dotnet.Run(Command).Succeeded();
        }
    }
}
