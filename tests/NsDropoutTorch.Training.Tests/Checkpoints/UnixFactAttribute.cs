namespace NsDropoutTorch.Training.Tests.Checkpoints;

/// <summary>A test that sends signals, which Windows does not have.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "sends signals by kill and /proc";
}
