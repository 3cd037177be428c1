using System.Diagnostics;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>How far the current epoch has come; a checkpoint may be taken, and resumed, between any two steps.</summary>
internal sealed class EpochProgress(Device device) : IDisposable
{
    private double secondsBefore;
    private long started;

    public EpochMeter Meter { get; } = new(device);

    /// <summary>Steps finished in the current epoch; 0 between epochs.</summary>
    public int Step { get; set; }

    /// <summary>Wall-clock time of the epoch, also of its part before an interruption.</summary>
    public double Seconds => Step == 0 ? 0 : secondsBefore + Stopwatch.GetElapsedTime(started).TotalSeconds;

    /// <summary>Begins an epoch, or goes on with one resumed.</summary>
    public void Begin()
    {
        started = Stopwatch.GetTimestamp();
        if (Step == 0)
        {
            secondsBefore = 0;
            Meter.Reset();
        }
    }

    public void End() => Step = 0;

    public void Resume(int step, double seconds) => (Step, secondsBefore) = (step, seconds);

    public void Dispose() => Meter.Dispose();
}
