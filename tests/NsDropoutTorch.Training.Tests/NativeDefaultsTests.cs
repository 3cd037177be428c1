using NsDropoutTorch.Training.Tests.Checkpoints;
using System.Diagnostics;

namespace NsDropoutTorch.Training.Tests;

/// <summary>Each in a process of its own: what is set is set for the life of a process.</summary>
public sealed class NativeDefaultsTests
{
    private static readonly string[] Variables =
        ["OMP_WAIT_POLICY", "OMP_DISPLAY_ENV", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES", "GOMP_SPINCOUNT"];

    // Without a policy libgomp says PASSIVE as well, and spins; how often it does tells them apart.
    private const string NoSpinning = "GOMP_SPINCOUNT = '0'";

    [LinuxFact]
    public void Apply_BeforeTorch_ReachesOpenMPAndGlibc()
    {
        var (output, error) = Run("first", ("OMP_DISPLAY_ENV", "VERBOSE"));

        Assert.Contains(NoSpinning, error, StringComparison.Ordinal);
        Assert.Equal(["maps False", "shrinks False", "Set Set Set True"], output);
    }

    [LinuxFact]
    public void Apply_SwitchedOff_LeavesAllAsItIs()
    {
        var (output, error) = Run("off", ("OMP_DISPLAY_ENV", "VERBOSE"));

        Assert.Contains("GOMP_SPINCOUNT = ", error, StringComparison.Ordinal);
        Assert.DoesNotContain(NoSpinning, error, StringComparison.Ordinal);
        Assert.Equal(["maps True", "shrinks True", "SwitchedOff SwitchedOff SwitchedOff True"], output);
    }

    [LinuxFact]
    public void Apply_EnvironmentHasDecided_LeavesItsChoice()
    {
        var (output, error) = Run("first", ("OMP_DISPLAY_ENV", "VERBOSE"), ("OMP_WAIT_POLICY", "ACTIVE"), ("MALLOC_MMAP_THRESHOLD_", "1000000"));

        Assert.Contains("OMP_WAIT_POLICY = 'ACTIVE'", error, StringComparison.Ordinal);
        Assert.Equal(["maps True", "shrinks False", "Environment Set Environment True"], output);
    }

    [LinuxTheory]
    [InlineData("MALLOC_TRIM_THRESHOLD_", "1000000", "maps False", "shrinks True", "Set Environment Set True")]
    [InlineData("GLIBC_TUNABLES", "glibc.malloc.trim_threshold=1000000", "maps False", "shrinks True", "Set Environment Set True")]
    [InlineData("GLIBC_TUNABLES", "glibc.malloc.perturb=0:glibc.malloc.mmap_threshold=1000000", "maps True", "shrinks False", "Set Set Environment True")]
    public void Apply_EnvironmentHasDecidedOne_SetsTheOthers(string variable, string value, params string[] output) =>
        Assert.Equal(output, Run("first", (variable, value)).Output);

    [LinuxTheory]
    [InlineData("late")]
    [InlineData("fit")]
    public void Apply_OpenMPIsLoaded_KnowsThatItIsTooLate(string when) =>
        Assert.Equal(["maps False", "shrinks False", "TooLate Set Set True"], Run(when).Output);

    [LinuxFact]
    public void Apply_OpenMPIsLoadedWithAChoice_IsNotTooLate() =>
        Assert.Equal("Environment Set Set True", Run("late", ("OMP_WAIT_POLICY", "PASSIVE")).Output[^1]);

    private static (string[] Output, string Error) Run(string when, params (string Name, string Value)[] environment)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, [typeof(NativeDefaultsChild).Assembly.Location, NativeDefaultsChild.Argument, when])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        Array.ForEach(Variables, name => start.Environment.Remove(name));
        Array.ForEach(environment, variable => start.Environment[variable.Name] = variable.Value);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        return (output.Split('\n', StringSplitOptions.RemoveEmptyEntries), error.GetAwaiter().GetResult());
    }

    private sealed class LinuxTheoryAttribute : TheoryAttribute
    {
        public LinuxTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : "asks glibc and libgomp, which are Linux's";
    }
}
