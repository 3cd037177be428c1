using System.Runtime.InteropServices;

namespace NsDropoutTorch.Docs.Tests.Support;

/// <summary>The platform of this process, as packages name it.</summary>
internal static class Platform
{
    public static string Identifier { get; } = $"{System}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    private static string System => OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
}
