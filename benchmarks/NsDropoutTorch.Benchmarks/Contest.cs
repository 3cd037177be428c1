using System.Diagnostics;
using TorchSharp;

namespace NsDropoutTorch.Benchmarks;

/// <summary>
/// Times several actions against each other in one run: they take turns, round after round, so that whatever else the machine does
/// falls on all of them alike. Each action's time is that of its fastest round: disturbances only ever add.
/// </summary>
internal sealed class Contest(Effort effort)
{
    private readonly List<(string Name, Action Action)> _entries = [];

    public Contest Add(string name, Action action)
    {
        _entries.Add((name, action));
        return this;
    }

    /// <summary>Microseconds of one call in the fastest round, by name.</summary>
    public IReadOnlyDictionary<string, double> Run() => Run(Calibrate);

    /// <summary>Likewise, for actions so long that one call is a round.</summary>
    public IReadOnlyDictionary<string, double> RunOnce() => Run(_ => 1);

    /// <summary>Managed bytes that one call of <paramref name="action"/> allocates once it is warm.</summary>
    public static double BytesOf(Action action)
    {
        const int calls = 100;
        Microseconds(action, calls);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < calls; i++) action();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)calls;
    }

    private Dictionary<string, double> Run(Func<Action, int> turnsOf)
    {
        var turns = _entries.Select(entry => turnsOf(entry.Action)).ToArray();
        var fastest = _entries.ToDictionary(entry => entry.Name, _ => double.PositiveInfinity, StringComparer.Ordinal);
        for (var round = 0; round < effort.Rounds; round++)
        {
            for (var i = 0; i < _entries.Count; i++)
            {
                var (name, action) = _entries[i];
                fastest[name] = Math.Min(fastest[name], Microseconds(action, turns[i]));
            }
        }

        return fastest;
    }

    // Long enough for the runtime to compile the hot methods a second time, but not many calls of a slow action.
    private int Calibrate(Action action)
    {
        var once = Microseconds(action, 1);
        for (var calls = 2; calls <= 128 && once * calls < 20_000 && effort.Rounds > 1; calls *= 2)
            once = Microseconds(action, calls);
        return Math.Max(1, (int)(effort.RoundMilliseconds * 1000 / once));
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
