using System.Diagnostics;
using System.Globalization;

namespace NsDropoutTorch.Benchmarks;

/// <summary>Watches from its creation on how much of the processors other processes take. Knows it on Linux, and says nothing elsewhere.</summary>
internal sealed class OtherWork
{
    /// <summary>Cores that others may keep busy before it is worth a warning.</summary>
    public const double Limit = 0.15;

    private readonly ProcessorTimes? _start = Now();

    /// <summary>The warning about <paramref name="period"/>, from the creation to now; null where others were quiet or nobody knows.</summary>
    public string? Warning(string period) => _start is { } start && Now() is { } now ? Warning(period, now.OthersSince(start), Environment.ProcessorCount) : null;

    /// <summary>Likewise, for a known number of cores that others kept busy.</summary>
    public static string? Warning(string period, double others, int cores) => others > Limit
        ? string.Create(CultureInfo.InvariantCulture, $"{period}: other processes kept {others:0.0} of {cores} cores busy; repeat this when the machine is quiet before you believe a ratio.")
        : null;

    private static ProcessorTimes? Now()
    {
        if (!OperatingSystem.IsLinux()) return null;
        using var process = Process.GetCurrentProcess();
        var allowed = (ulong)process.ProcessorAffinity;
        return ProcessorTimes.Parse(File.ReadAllText("/proc/stat"), File.ReadAllText("/proc/self/stat"), core => core >= 64 || (allowed >> core & 1) == 1);
    }
}
