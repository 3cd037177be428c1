using System.Diagnostics;
using TorchSharp;

namespace NsDropoutTorch.Benchmarks;

/// <summary>
/// Times several actions against each other in one run: they take turns, round after round, so that whatever else the machine does
/// falls on all of them alike. Each action's time is that of its fastest round: disturbances only ever add.
/// </summary>
internal sealed class Contest(int rounds = 41, double roundMilliseconds = 4)
{
    private readonly List<(string Name, Action Action)> _entries = [];

    public Contest Add(string name, Action action)
    {
        _entries.Add((name, action));
        return this;
    }

    /// <summary>Microseconds of one call in the fastest round, by name.</summary>
    public IReadOnlyDictionary<string, double> Run()
    {
        var turns = _entries.Select(entry => Calibrate(entry.Action)).ToArray();
        var fastest = _entries.ToDictionary(entry => entry.Name, _ => double.PositiveInfinity, StringComparer.Ordinal);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < _entries.Count; i++)
            {
                var (name, action) = _entries[i];
                fastest[name] = Math.Min(fastest[name], Microseconds(action, turns[i]));
            }
        }

        return fastest;
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
}
