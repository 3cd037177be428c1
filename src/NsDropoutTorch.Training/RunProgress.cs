using System.Diagnostics;
using NsDropoutTorch.Training.Metrics;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>How far a run has come: its counters and history, the sums and the clock of the current epoch, and whether it is to stop.</summary>
internal sealed class RunProgress(Device device, IReadOnlyList<IScalarMetric> metrics) : IDisposable
{
    private readonly List<EpochRecord> history = [];
    private double secondsBefore;
    private long? started;
    private string? stopReason;
    private bool wasStopped;

    public IReadOnlyList<EpochRecord> History => history;

    /// <summary>Steps finished over all epochs.</summary>
    public long Iteration { get; set; }

    /// <summary>Steps finished in the current epoch; 0 between epochs.</summary>
    public int Step { get; set; }

    public double LearningRate { get; set; }

    /// <summary>The sums of the current epoch.</summary>
    public EpochMeter Meter { get; } = new(device, metrics);

    /// <summary>Wall-clock time of the epoch without pauses, also of its part before an interruption.</summary>
    public double Seconds => Step == 0 ? 0 : secondsBefore + (started is { } since ? Stopwatch.GetElapsedTime(since).TotalSeconds : 0);

    public Resumption? Resumed { get; private set; }

    public string? StopReason => stopReason is null || !IsStillStopped ? stopReason :
        $"{stopReason}; that was before the run was resumed, so nothing more was trained: to go on, set ResumeStopped = true and change what stopped it";

    public string? FinalStopReason { get; private set; }

    private bool IsStillStopped => Resumed is { } resumed && (resumed.Iteration, resumed.Epoch) == (Iteration, history.Count) && wasStopped;

    /// <summary>Begins an epoch, or goes on with one resumed.</summary>
    public void BeginEpoch()
    {
        if (Step == 0)
        {
            secondsBefore = 0;
        }

        Meter.Begin(isNew: Step == 0);
        StartClock();
    }

    /// <summary>Stops the clock while something other than training runs.</summary>
    public void PauseClock() => (secondsBefore, started) = (Seconds, null);

    public void StartClock() => started = Stopwatch.GetTimestamp();

    public void EndEpoch(EpochRecord record)
    {
        history.Add(record);
        (Step, started) = (0, null);
    }

    public void RequestStop(string reason, bool isFinal)
    {
        if (stopReason is null)
        {
            (stopReason, FinalStopReason) = (reason, isFinal ? reason : null);
        }
    }

    /// <summary>Goes on from a checkpoint; the sums of its epoch are loaded apart.</summary>
    /// <param name="position">What it holds.</param>
    /// <param name="resumed">Where it lies.</param>
    /// <param name="ignoreStop">Whether a run that had been stopped goes on.</param>
    public void Resume(RunPosition position, Resumption resumed, bool ignoreStop)
    {
        history.AddRange(position.History);
        (Iteration, LearningRate, Resumed) = (position.Iteration, position.LearningRate, resumed);
        (Step, secondsBefore) = (position.Step, position.Seconds);
        if (!ignoreStop)
        {
            stopReason = FinalStopReason = position.StopReason;
            wasStopped = stopReason is not null;
        }
    }

    public void Dispose() => Meter.Dispose();
}
