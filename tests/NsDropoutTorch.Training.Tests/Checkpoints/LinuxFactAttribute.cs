namespace NsDropoutTorch.Training.Tests.Checkpoints;

/// <summary>A test that sends signals, by means that only Linux has.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "sends signals by kill and /proc";
}
