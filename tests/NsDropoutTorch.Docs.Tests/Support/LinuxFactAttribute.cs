namespace NsDropoutTorch.Docs.Tests.Support;

/// <summary>A test of how Linux loads libraries: skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "asks the loader of Linux";
        }
    }
}
