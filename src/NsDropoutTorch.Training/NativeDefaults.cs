using System.Runtime.InteropServices;

namespace NsDropoutTorch.Training;

/// <summary>
/// Defaults of native libraries that suit a program that trains: OpenMP's threads sleep while they wait, and glibc keeps freed memory (docs/performance.md says what they
/// gain). Each gives way to the environment; other systems than Linux with glibc are left as they are. The only calls of native functions in this project.
/// </summary>
public static partial class NativeDefaults
{
    /// <summary>The switch of <see cref="AppContext"/> that leaves all as it is when it is false.</summary>
    public const string SwitchName = "NsDropoutTorch.NativeDefaults";

    private const string WaitPolicyVariable = "OMP_WAIT_POLICY";
    private const string MappedFiles = "/proc/self/maps";
    private static readonly MallocThreshold TrimThreshold = new(Parameter: -1, Bytes: 1 << 30, "MALLOC_TRIM_THRESHOLD_", "glibc.malloc.trim_threshold");
    private static readonly MallocThreshold MmapThreshold = new(Parameter: -3, Bytes: 32 << 20, "MALLOC_MMAP_THRESHOLD_", "glibc.malloc.mmap_threshold");
    private static readonly Lazy<AppliedDefaults> Applied = new(ApplyOnce);

    /// <summary>Sets them at the first call, which should come before torch is touched: OpenMP reads the wait policy once, when it is loaded. <see cref="Trainer"/> calls it, too.</summary>
    /// <returns>What became of each; the same at every call.</returns>
    public static AppliedDefaults Apply() => Applied.Value;

    private static AppliedDefaults ApplyOnce()
    {
        if (AppContext.TryGetSwitch(SwitchName, out var isOn) && !isOn)
        {
            return AppliedDefaults.All(NativeDefault.SwitchedOff);
        }

        if (!OperatingSystem.IsLinux())
        {
            return AppliedDefaults.All(NativeDefault.NotHere);
        }

        try
        {
            return new(WaitPassively(), KeepFreedMemory(TrimThreshold), KeepFreedMemory(MmapThreshold));
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return AppliedDefaults.All(NativeDefault.NotHere);
        }
    }

    // OpenMP's threads spin while they wait. Beside another busy process they use up the time of a core that the thread they wait for needs.
    // The environment of .NET is a copy, which no native library sees.
    private static NativeDefault WaitPassively()
    {
        if (Environment.GetEnvironmentVariable(WaitPolicyVariable) is not null)
        {
            return NativeDefault.Environment;
        }

        return IsOpenMPLoaded() ? NativeDefault.TooLate : Outcome(setenv(WaitPolicyVariable, "PASSIVE", 0) == 0);
    }

    private static bool IsOpenMPLoaded() =>
        File.Exists(MappedFiles) && File.ReadLines(MappedFiles).Any(mapping => mapping.Contains("/libgomp", StringComparison.Ordinal));

    // A training step frees and asks for the same megabytes again and again. By itself glibc gives them back to the system in between, and the next step pays a page fault for
    // every 4 KB. 32 MB is the most that glibc takes for the second threshold.
    private static NativeDefault KeepFreedMemory(MallocThreshold threshold) =>
        Environment.GetEnvironmentVariable(threshold.Variable) is not null || IsTuned(threshold) ? NativeDefault.Environment : Outcome(mallopt(threshold.Parameter, threshold.Bytes) != 0);

    private static bool IsTuned(MallocThreshold threshold) =>
        Environment.GetEnvironmentVariable("GLIBC_TUNABLES")?.Contains(threshold.Tunable, StringComparison.Ordinal) == true;

    private static NativeDefault Outcome(bool isSet) => isSet ? NativeDefault.Set : NativeDefault.NotHere;

    [LibraryImport("libc.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc.so.6")]
    private static partial int mallopt(int parameter, int value);

    private sealed record MallocThreshold(int Parameter, int Bytes, string Variable, string Tunable);
}

/// <summary>What became of each default of <see cref="NativeDefaults"/>.</summary>
/// <param name="WaitPolicy">OpenMP's threads sleep while they wait (<c>OMP_WAIT_POLICY=PASSIVE</c>).</param>
/// <param name="TrimThreshold">glibc keeps up to 1 GB at the end of its heap that is free.</param>
/// <param name="MmapThreshold">glibc takes requests of up to 32 MB from its heap.</param>
public sealed record AppliedDefaults(NativeDefault WaitPolicy, NativeDefault TrimThreshold, NativeDefault MmapThreshold)
{
    internal static AppliedDefaults All(NativeDefault each) => new(each, each, each);
}

/// <summary>What became of one default of <see cref="NativeDefaults"/>.</summary>
public enum NativeDefault
{
    /// <summary>It was set.</summary>
    Set,

    /// <summary>The environment has a value, which stays.</summary>
    Environment,

    /// <summary>The library was loaded before, and does not read it again.</summary>
    TooLate,

    /// <summary>This system has no such setting.</summary>
    NotHere,

    /// <summary>The switch is off.</summary>
    SwitchedOff,
}
