namespace NsDropoutTorch.Tests.Support;

/// <summary>A test of what only Linux has, its loader or its signals: skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "needs the loader, /proc or the signals of Linux";
}
