using System.Diagnostics;
using TorchSharp;

namespace NsDropoutTorch.Benchmarks;

/// <summary>
/// Times several actions against each other in one run: they take turns, round after round, so that whatever else the machine does
/// falls on all of them alike. Each action's time is its median over the rounds.
/// </summary>
internal sealed class Contest(int rounds = 41, double roundMilliseconds = 4)
{
    private readonly List<(string Name, Action Action)> _entries = [];

    public Contest Add(string name, Action action)
    {
        _entries.Add((name, action));
        return this;
    }

    /// <summary>Median microseconds of one call, by name.</summary>
    public IReadOnlyDictionary<string, double> Run()
    {
        var turns = _entries.Select(entry => Calibrate(entry.Action)).ToArray();
        var times = _entries.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < _entries.Count; i++) times[i][round] = Microseconds(_entries[i].Action, turns[i]);
        }

        return _entries.Select((entry, i) => (entry.Name, Median(times[i]))).ToDictionary(e => e.Name, e => e.Item2, StringComparer.Ordinal);
    }

    private int Calibrate(Action action)
    {
        Microseconds(action, 20);
        var once = Microseconds(action, 20);
        return Math.Max(1, (int)(roundMilliseconds * 1000 / once));
    }

    private static double Microseconds(Action action, int turns)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < turns; i++)
        {
            using var scope = torch.NewDisposeScope();
            action();
        }

        return watch.Elapsed.TotalMicroseconds / turns;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
