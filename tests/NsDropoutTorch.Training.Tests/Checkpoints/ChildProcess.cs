using System.Diagnostics;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

/// <summary>A process that runs <see cref="Child"/>.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;

    public ChildProcess(params IReadOnlyList<string> arguments)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        process = Process.Start(new ProcessStartInfo(dotnet, [typeof(Child).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
    }

    public int Id => process.Id;

    /// <summary>Waits until the child has said <paramref name="line"/>; false when it ended before.</summary>
    public bool WaitFor(string line)
    {
        while (process.StandardOutput.ReadLine() is { } said)
        {
            if (said == line)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Sends SIGINT; or SIGTERM where the tests were started with SIGINT ignored (<c>nohup</c>), as children inherit that.</summary>
    public void Interrupt()
    {
        var ignored = Convert.ToInt64(File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim(), 16);
        const int SigInt = 2;
        using var kill = Process.Start("kill", [(ignored & (1 << (SigInt - 1))) == 0 ? "-INT" : "-TERM", $"{process.Id}"]);
        kill.WaitForExit();
    }

    public (int ExitCode, string Error) WaitForExit()
    {
        process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(Patience), "the child must end.");
        return (process.ExitCode, error.Trim());
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
