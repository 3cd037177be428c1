using System.Diagnostics;

namespace Exchange;

/// <summary>A Python that has PyTorch.</summary>
internal static class Python
{
    /// <summary>Answers the files of a folder with the first python3 on the search path that imports torch.</summary>
    /// <returns>The versions it reports; null where there is no such Python.</returns>
    /// <exception cref="InvalidOperationException">The script failed; the message is Python's.</exception>
    public static string? Answer(string folder)
    {
        var pythons = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(place => Path.Combine(place, "python3")).Where(File.Exists);
        if (pythons.FirstOrDefault(python => Run(python, "-c", "import torch").ExitCode == 0) is not { } found)
        {
            return null;
        }

        var (exitCode, output, error) = Run(found, Path.Combine(AppContext.BaseDirectory, "exchange.py"), folder);
        return exitCode == 0 ? output.Trim() : throw new InvalidOperationException(error);
    }

    private static (int ExitCode, string Output, string Error) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
