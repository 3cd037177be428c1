using Google.Protobuf;
using Tensorboard;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.TensorBoard;

/// <summary>
/// Writes one event file that TensorBoard reads. TensorBoard shows each folder as a run; the files in a folder are read one after the other, in the order in which they were begun.
/// Events are buffered: they are in the file after <see cref="Flush"/>, after <see cref="Dispose"/>, and when an event is written <see cref="FlushEvery"/> or longer after the last flush.
/// Not for several threads at a time.
/// </summary>
public sealed class EventWriter : IDisposable
{
    private static int files;

    private readonly TimeProvider clock;
    private readonly RecordFile file;
    private long flushedAt;

    /// <summary>Begins a new file, <c>events.out.tfevents.SECONDS.HOST.PROCESS.N</c>; N counts the files of the process.</summary>
    /// <param name="folder">The folder of the run; made when missing.</param>
    /// <param name="clock">Stamps the events; null: the system's clock.</param>
    public EventWriter(string folder, TimeProvider? clock = null)
    {
        this.clock = clock ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        var number = Interlocked.Increment(ref files) - 1;
        Path = System.IO.Path.Combine(
            folder, Invariant($"events.out.tfevents.{this.clock.GetUtcNow().ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}.{number}"));
        file = new(Path);
        Append(new Event { FileVersion = "brain.Event:2" });
        Flush();
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How old the last flush may be when an event is written without another one, at least 0. Default: ten seconds.</summary>
    public TimeSpan FlushEvery { get; init => field = NotNegative(value); } = TimeSpan.FromSeconds(10);

    private double Seconds => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>A number over steps, for the tab SCALARS; stored as a 32-bit float.</summary>
    /// <param name="tag">The name of the curve; curves with the same part before <c>/</c> stand together.</param>
    /// <param name="value">The number; NaN and infinity are shown as such.</param>
    /// <param name="step">The step, at least 0.</param>
    /// <exception cref="ArgumentException">The tag is empty or the step negative.</exception>
    public void Scalar(string tag, double value, long step) => Write(step, new Summary.Types.Value { Tag = Checked(tag), SimpleValue = (float)value });

    /// <summary>How the elements of a tensor are distributed, for the tabs HISTOGRAMS and DISTRIBUTIONS: their counts in 30 equal intervals from the least to the greatest. NaN and infinity are left out.</summary>
    /// <param name="tag">The name.</param>
    /// <param name="values">Any shape, dtype of real numbers and device. To count waits for the device.</param>
    /// <param name="step">The step, at least 0.</param>
    /// <exception cref="ArgumentException">The tag is empty or the step negative.</exception>
    public void Histogram(string tag, Tensor values, long step) => Write(step, new Summary.Types.Value { Tag = Checked(tag), Histo = HistogramBuckets.Of(values) });

    /// <summary>A picture, for the tab IMAGES; stored as PNG without compression.</summary>
    /// <param name="tag">The name.</param>
    /// <param name="image"><c>[H, W]</c> or <c>[C, H, W]</c> with 1 channel (grey) or 3 (red, green, blue), on any device: bytes, or floating-point numbers in [0, 1]; what lies beyond is cut off, and NaN is black.</param>
    /// <param name="step">The step, at least 0.</param>
    /// <exception cref="ArgumentException">The shape or the dtype is another, the tag is empty or the step negative.</exception>
    public void Image(string tag, Tensor image, long step) => Write(step, new Summary.Types.Value { Tag = Checked(tag), Image = ImagePixels.Of(image) });

    /// <summary>A text, for the tab TEXT, which shows it as Markdown.</summary>
    /// <param name="tag">The name.</param>
    /// <param name="text">The text.</param>
    /// <param name="step">The step, at least 0.</param>
    /// <exception cref="ArgumentException">The tag is empty or the step negative.</exception>
    public void Text(string tag, string text, long step) => Write(step, new Summary.Types.Value
    {
        Tag = Checked(tag),
        Metadata = new() { PluginData = new() { PluginName = "text" }, DataClass = DataClass.Tensor },
        Tensor = new() { Dtype = DataType.DtString, TensorShape = new(), StringVal = { ByteString.CopyFromUtf8(text) } },
    });

    /// <summary>The hyperparameters of the run, for the tab HPARAMS, and the curves whose last values stand beside them.</summary>
    /// <param name="values">Names with text, truth values or numbers.</param>
    /// <param name="metrics">Tags of scalars; TensorBoard shows those of the first run that it finds for all runs.</param>
    /// <exception cref="ArgumentException">A value is of another type.</exception>
    public void HParams(IReadOnlyDictionary<string, object> values, params IReadOnlyList<string> metrics) => Write(
        0, HParamSummaries.Experiment(values, metrics), HParamSummaries.SessionStart(values, Seconds));

    /// <summary>That the run whose hyperparameters were written is over.</summary>
    /// <param name="succeeded">Whether it came to its end; false: it failed.</param>
    public void HParamsEnd(bool succeeded = true) => Write(0, HParamSummaries.SessionEnd(succeeded, Seconds));

    /// <summary>Says that the run goes on from an earlier point: what earlier files of the folder hold of this step and later ones does not count.</summary>
    /// <param name="step">The first step to come, at least 0.</param>
    /// <exception cref="ArgumentException">The step is negative.</exception>
    public void Restart(long step) => Append(new Event
    {
        Step = Require.AtLeast(0, step, "step"),
        SessionLog = new() { Status = SessionLog.Types.SessionStatus.Start },
    });

    /// <summary>Writes what is buffered into the file.</summary>
    public void Flush()
    {
        file.Flush();
        flushedAt = clock.GetTimestamp();
    }

    /// <summary>Writes what is buffered and closes the file.</summary>
    public void Dispose() => file.Dispose();

    private static TimeSpan NotNegative(TimeSpan time) =>
        time >= TimeSpan.Zero ? time : throw Require.Broken($"the time between flushes must be at least 0, but got {time}.");

    private static string Checked(string tag) =>
        tag.Length > 0 ? tag : throw Require.Broken("a tag must be a name, but got an empty text; give one such as 'loss/train'.");

    private void Write(long step, params ReadOnlySpan<Summary.Types.Value> values)
    {
        var summary = new Summary();
        foreach (var value in values)
            summary.Value.Add(value);
        Append(new Event { Step = Require.AtLeast(0, step, "step"), Summary = summary });
    }

    private void Append(Event happened)
    {
        happened.WallTime = Seconds;
        file.Append(happened);
        if (clock.GetElapsedTime(flushedAt) >= FlushEvery)
            Flush();
    }
}
