using System.Diagnostics;

namespace NsDropoutTorch.Cli.Tests.Slurm;

/// <summary>A test on a real Slurm, which a script starts here; skipped where it is not installed or does not start.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SlurmFactAttribute : FactAttribute
{
    private const string LongTests = "NSDROPOUT_LONG_TESTS";

    /// <param name="isLong">Whether it takes minutes, since Slurm lets each task that is queued again wait for two.</param>
    public SlurmFactAttribute(bool isLong = false) => Skip = isLong && Environment.GetEnvironmentVariable(LongTests) != "1"
        ? $"takes up to eight minutes, most of them waits of Slurm's own; {LongTests}=1 runs it"
        : SlurmHere.WhyNot;
}

/// <summary>A Slurm of one node on the loopback address, by <c>scripts/slurm-here.sh</c>, for the tests of a class.</summary>
public sealed class SlurmHere : IDisposable
{
    private const string Variable = "SLURM_CONF";
    private const int Cores = 4;

    private static readonly string Script = Path.Combine(Repository(), "scripts", "slurm-here.sh");

    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, long> waits = new(StringComparer.Ordinal);
    private readonly string? before = Environment.GetEnvironmentVariable(Variable);

    public SlurmHere()
    {
        if (WhyNot is not null)
        {
            return;
        }

        var (exitCode, output) = Call("bash", Script, "start", Folder, $"{Cores}");
        Assert.True(exitCode == 0, output);
        Environment.SetEnvironmentVariable(Variable, Path.Combine(Folder, "slurm.conf"));
    }

    /// <summary>Why there is none; null where it can be started.</summary>
    public static string? WhyNot { get; } = !OperatingSystem.IsLinux() ? "needs Slurm, which is there on Linux" : Call("bash", Script, "check") is (not 0, var words) ? words.Trim() : Starts();

    /// <summary>What it writes is here.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("nsdropout-slurm-").FullName;

    public void Dispose()
    {
        if (WhyNot is null)
        {
            Call("bash", Script, "stop", Folder);
            Environment.SetEnvironmentVariable(Variable, before);
        }

        Delete(Folder);
    }

    /// <summary>Calls a command of Slurm, which must succeed.</summary>
    public static string Slurm(string program, params string[] arguments)
    {
        var (exitCode, output) = Call(program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}");
        return output;
    }

    /// <summary>
    /// Slurm lets a job that is queued again wait for two minutes, until what it gave its last start has expired; this ends the wait after seconds. Not at once: a start in the
    /// second in which its node still revokes the last one ends the job ("Job credential revoked").
    /// </summary>
    public void Hurry()
    {
        var waiting = Call("squeue", "--noheader", "--array", "--format=%i %r", "--states=PENDING").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')).Where(parts => parts is [_, "BeginTime"]).Select(parts => parts[0]).ToArray();
        foreach (var job in waits.Keys.Except(waiting).ToArray())
        {
            waits.Remove(job);
        }

        foreach (var job in waiting.Where(job => Stopwatch.GetElapsedTime(Since(job)) > LeastWait))
        {
            Call("scontrol", "update", $"JobId={job}", "StartTime=now");
        }
    }

    /// <summary>Whether a node on this machine still carries out, or cleans up after, a step of a job.</summary>
    public static bool IsBusy() => Processes().Any(id => CommandOf(id) is [var program, ..] && program.Contains("slurmstepd", StringComparison.Ordinal));

    /// <summary>Ids of processes of this program that carry out units of a plan.</summary>
    public static int[] Units(string folder) =>
    [
        .. Processes().Where(id => CommandOf(id) is [_, .., "run-unit", "--plan", var plan, "--index", _, "--count", _] words && plan.StartsWith(folder, StringComparison.Ordinal) && !words[0].EndsWith("srun", StringComparison.Ordinal)),
    ];

    /// <summary>The text that fails where a condition does not come true in time, with what Slurm has to say.</summary>
    public static void Until(Func<bool> condition, string what, Action? meanwhile = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(8), $"It takes too long until {what}.\n{Call("squeue").Output}");
            meanwhile?.Invoke();
            Thread.Sleep(100);
        }
    }

    public static (int ExitCode, string Output) Call(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }

    private long Since(string job) => waits.TryGetValue(job, out var since) ? since : waits[job] = Stopwatch.GetTimestamp();

    private static string? Starts()
    {
        var folder = Directory.CreateTempSubdirectory("nsdropout-slurm-").FullName;
        try
        {
            return Call("bash", Script, "start", folder, "1") is (not 0, var words) ? $"Slurm is installed but does not start here: {words.Trim()}" : null;
        }
        finally
        {
            Call("bash", Script, "stop", folder);
            Delete(folder);
        }
    }

    // A daemon that ends may still write; what it leaves is for the system to clear.
    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
        }
    }

    private static IEnumerable<int> Processes() => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!));

    private static string[] CommandOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "NsDropoutTorch.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
