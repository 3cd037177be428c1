using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Examples;

/// <summary>The same network in C# and in PyTorch: what one side trained, the other loads, and both go on alike.</summary>
public sealed partial class PyTorchTests
{
    private const double Rounding = 1e-6;

    [Fact]
    public void Answers_OfPythonThatLieHere_AreThoseOfCSharp() =>
        AssertAlike(ExampleProgram.Run("PyTorch", "golden", Path.Combine(AppContext.BaseDirectory, "golden")));

    [PyTorchFact]
    public void Answers_OfPythonOnThisMachine_AreThoseOfCSharp()
    {
        var output = ExampleProgram.Run("PyTorch");

        Assert.Matches("^TorchSharp [0-9.]+, libtorch [0-9.]+; PyTorch [0-9][^ ]* on Python [0-9.]+\n", output);
        AssertAlike(output);
    }

    private static void AssertAlike(string output)
    {
        var lines = Line().Matches(output);
        Assert.Equal(["csharp", "python"], lines.Select(line => line.Groups["origin"].Value));
        foreach (var line in lines.Cast<Match>())
        {
            Assert.Equal("0", line.Groups["masks"].Value);
            Assert.InRange(Number(line.Groups["outputs"]), 0, Rounding);
            Assert.InRange(Number(line.Groups["weights"]), 0, Rounding);
        }
    }

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("trained in (?<origin>[a-z]+): outputs differ by (?<outputs>[^ ]+), (?<masks>[0-9]+) neurons .* its weights differ by (?<weights>[^ ]+)$", RegexOptions.Multiline, 1_000)]
    private static partial Regex Line();

    /// <summary>A test that needs a Python with PyTorch; elsewhere it says that it is skipped.</summary>
    private sealed class PyTorchFactAttribute : FactAttribute
    {
        public PyTorchFactAttribute()
        {
            if (!HasPyTorch())
                Skip = "no python3 on the PATH imports torch (Debian: apt-get install python3-torch)";
        }

        private static bool HasPyTorch() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(place => Path.Combine(place, "python3")).Where(File.Exists).Any(python =>
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import torch"]) { RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        });
    }
}
