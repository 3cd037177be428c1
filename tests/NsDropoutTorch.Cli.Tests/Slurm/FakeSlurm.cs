namespace NsDropoutTorch.Cli.Tests.Slurm;

/// <summary>Commands named as Slurm's in front of the PATH, which write down how they are called; for what a real Slurm cannot be brought to do in a test.</summary>
internal sealed class FakeSlurm : IDisposable
{
    private readonly string? path = Environment.GetEnvironmentVariable("PATH");

    /// <summary>Commands that take arrays up to a size.</summary>
    /// <param name="most">Tasks of an array that are taken.</param>
    /// <param name="refusals">How many submissions are refused in any case, as a full queue does.</param>
    public FakeSlurm(int most = 1000, int refusals = 0)
    {
        File.WriteAllText(PathOf("refusals"), $"{refusals}\n");
        Add(
            "sbatch",
            $$"""
            echo "sbatch $*" >> "{{PathOf("calls")}}"
            count=1
            for word in "$@"; do
                case $word in --array=*) count=0; spec=${word#--array=}; for part in $(echo "${spec%\%*}" | tr , ' '); do count=$((count + ${part#*-} - ${part%-*} + 1)); done ;; esac
            done
            left=$(cat "{{PathOf("refusals")}}")
            if [ "$left" -gt 0 ] || [ "$count" -gt {{most}} ]; then
                [ "$left" -le 0 ] || echo $((left - 1)) > "{{PathOf("refusals")}}"
                echo "sbatch: error: AssocMaxSubmitJobLimit" >&2
                echo "sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)" >&2
                exit 1
            fi
            echo x >> "{{PathOf("jobs")}}"
            wc -l < "{{PathOf("jobs")}}"
            """);
        Add("squeue", $"cat '{PathOf("queue")}' 2>/dev/null || true");
        Add("scancel", $"echo \"scancel $*\" >> '{PathOf("calls")}'");
        Add("scontrol", "echo 'MaxArraySize            = 11'");
        Environment.SetEnvironmentVariable("PATH", $"{Folder}{Path.PathSeparator}{path}");
    }

    public string[] Calls => File.Exists(PathOf("calls")) ? File.ReadAllLines(PathOf("calls")) : [];

    private string Folder { get; } = Directory.CreateTempSubdirectory("nsdropout-fake-").FullName;

    /// <summary>What squeue prints.</summary>
    public void Queue(string text) => File.WriteAllText(PathOf("queue"), text);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", path);
        Directory.Delete(Folder, recursive: true);
    }

    private string PathOf(string name) => Path.Combine(Folder, name);

    private void Add(string name, string script)
    {
        File.WriteAllText(PathOf(name), $"#!/bin/bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PathOf(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
