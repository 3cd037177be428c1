using System.Globalization;
using TorchSharp;

namespace NsDropoutTorch.Benchmarks;

/// <summary>
/// Times several actions against each other in one run: they take turns, round after round, so that whatever else the machine does
/// falls on all of them alike. Each action's time is that of its fastest round: disturbances only ever add. Where rounds scatter beyond
/// <see cref="Scatter.Limit"/>, as many are run once more, and <see cref="Effort.Say"/> is told.
/// </summary>
/// <param name="effort">How long to measure.</param>
/// <param name="subject">What is measured, for the sentence about scatter.</param>
/// <param name="clock">What measures time; null: the system's.</param>
internal sealed class Contest(Effort effort, string subject, TimeProvider? clock = null)
{
    private readonly List<(string Name, Action Action, bool IsErratic)> _entries = [];
    private List<double>[] _rounds = [];
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>Adds a contestant.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="action">What is timed.</param>
    /// <param name="isErratic">Whether its rounds differ by themselves, so that they say nothing about the machine; its <see cref="AverageOf"/> is what counts.</param>
    public Contest Add(string name, Action action, bool isErratic = false)
    {
        _entries.Add((name, action, isErratic));
        return this;
    }

    /// <summary>Microseconds of one call on average over the rounds of the last run.</summary>
    public double AverageOf(string name) => _rounds[_entries.FindIndex(entry => entry.Name == name)].Average();

    /// <summary>Microseconds of one call in the fastest round, by name.</summary>
    public IReadOnlyDictionary<string, double> Run() => Run(Calibrate);

    /// <summary>Likewise, for actions so long that one call is a round.</summary>
    public IReadOnlyDictionary<string, double> RunOnce() => Run(_ => 1);

    /// <summary>Managed bytes that one call of <paramref name="action"/> allocates once it is warm.</summary>
    public static double BytesOf(Action action)
    {
        const int calls = 100;
        Repeat(action, calls);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < calls; i++) action();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)calls;
    }

    private Dictionary<string, double> Run(Func<Action, int> turnsOf)
    {
        var turns = _entries.Select(entry => turnsOf(entry.Action)).ToArray();
        _rounds = [.. _entries.Select(_ => new List<double>())];
        RunRounds(turns);
        if (Worst() is var (name, before) && before > Scatter.Limit)
        {
            RunRounds(turns);
            var (still, after) = Worst();
            effort.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{subject}: equal rounds of {name} differed by {before * 100:0} %, so more were run, and {(after > Scatter.Limit ? $"those of {still} differ by {after * 100:0} %" : "all agree now")}."));
        }

        return _entries.Zip(_rounds).ToDictionary(pair => pair.First.Name, pair => pair.Second.Min(), StringComparer.Ordinal);
    }

    private (string Name, double Scatter) Worst() =>
        _entries.Zip(_rounds, (entry, times) => (entry.Name, Scatter: entry.IsErratic ? 0 : Scatter.Of(times))).MaxBy(entry => entry.Scatter);

    private void RunRounds(int[] turns)
    {
        var start = _clock.GetTimestamp();
        for (var round = 0; round == 0 || (round < effort.Rounds && _clock.GetElapsedTime(start) < effort.Longest); round++)
        {
            for (var i = 0; i < _entries.Count; i++) _rounds[i].Add(Microseconds(_entries[i].Action, turns[i]));
        }
    }

    // Long enough for the runtime to compile the hot methods a second time, but not many calls of a slow action.
    private int Calibrate(Action action)
    {
        var once = Microseconds(action, 1);
        for (var calls = 2; calls <= 128 && once * calls < 20_000 && effort.Rounds > 1; calls *= 2)
            once = Microseconds(action, calls);
        return Math.Max(1, (int)(effort.RoundMilliseconds * 1000 / once));
    }

    private double Microseconds(Action action, int turns)
    {
        var start = _clock.GetTimestamp();
        Repeat(action, turns);
        return _clock.GetElapsedTime(start).TotalMicroseconds / turns;
    }

    private static void Repeat(Action action, int turns)
    {
        for (var i = 0; i < turns; i++)
        {
            using var scope = torch.NewDisposeScope();
            action();
        }
    }
}
