using System.Diagnostics;
using System.Globalization;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>From the start of a process to the end of its first training step on <see cref="Digits"/>, data loaded and verified; files and libraries are in the system's cache.</summary>
internal sealed class StartSuite : ISuite
{
    public string Title => "Start";

    public IEnumerable<Row> Run(Effort effort)
    {
        var fastest = Enumerable.Range(0, effort.Epochs).Min(_ => Milliseconds());
        yield return new("process start to first training step", fastest / 2000, "two seconds", Environment.ProcessorCount, Text.Time(fastest * 1000)) { Goal = Goal.AtMost(1) };
    }

    private static double Milliseconds()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        // Started as `dotnet x.dll` the path is that of dotnet, and the program is its argument.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(StartSuite).Assembly.Location);
        start.ArgumentList.Add(FirstStep.Argument);
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(text, CultureInfo.InvariantCulture);
    }
}
