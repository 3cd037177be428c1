namespace NsDropoutTorch.Experiments;

/// <summary>The processor's model, as the operating system gives it.</summary>
internal static class ProcessorName
{
    private const string LinuxFile = "/proc/cpuinfo";

    /// <summary>The name; null where the system does not tell.</summary>
    public static string? Find() =>
        System.Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? (File.Exists(LinuxFile) ? Parse(File.ReadLines(LinuxFile)) : null);

    /// <summary>The value of the first <c>model name</c> line.</summary>
    public static string? Parse(IEnumerable<string> cpuinfo) =>
        cpuinfo.FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();
}
