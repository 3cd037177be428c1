using System.Text.Json;
using System.Text.Json.Nodes;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>Class masks of one layer of a run over its epochs: an entry of <c>masks</c> of a run in <c>results.json</c>.</summary>
/// <param name="Module">Name of the layer in the network.</param>
/// <param name="NumFeatures">Number of neurons F.</param>
/// <param name="Snapshots">The masks at some epochs, in order; the first and the last epoch are among them.</param>
/// <param name="Replaced">
/// For each epoch the share of the dropped neurons that were not dropped the epoch before, in [0, 1], over all classes; 0 where none are dropped, and 1 when dropping begins.
/// </param>
public sealed record MaskHistory(string Module, int NumFeatures, IReadOnlyList<MaskSnapshot> Snapshots, IReadOnlyList<double> Replaced);

/// <summary>Class masks after one epoch.</summary>
/// <param name="Epoch">Number of the epoch, from 0.</param>
/// <param name="Dropped">For each class the neurons its mask drops, ascending, each in [0, F).</param>
public sealed record MaskSnapshot(int Epoch, IReadOnlyList<IReadOnlyList<long>> Dropped);

/// <summary>
/// How the gaps of a layer's neurons, mean in training minus mean in validation, are distributed after the last epoch: an entry of <c>gaps</c> of a run in
/// <c>results.json</c>.
/// </summary>
/// <param name="Module">Name of the layer in the network.</param>
/// <param name="Low">Lower edge of the first bin.</param>
/// <param name="High">Upper edge of the last bin; all are equally wide.</param>
/// <param name="Counts">For each class the number of neurons in each bin.</param>
public sealed record GapHistogram(string Module, double Low, double High, IReadOnlyList<IReadOnlyList<long>> Counts)
{
    private const int Bins = 41;

    /// <summary>The distribution of gaps; null where there is none to show, because all are equal or unknown.</summary>
    /// <param name="module">Name of the layer.</param>
    /// <param name="gaps">A row for each class; what is not finite is left out.</param>
    internal static GapHistogram? Of(string module, IReadOnlyList<double[]> gaps)
    {
        var finite = gaps.SelectMany(row => row).Where(double.IsFinite).ToArray();
        if (finite.Length == 0 || finite.Min() == finite.Max())
        {
            return null;
        }

        var (low, high) = (finite.Min(), finite.Max());
        return new(module, low, high, [.. gaps.Select(row => Count(row, low, high))]);
    }

    private static long[] Count(double[] row, double low, double high)
    {
        var counts = new long[Bins];
        foreach (var gap in row.Where(double.IsFinite))
        {
            // The highest gap belongs to the last bin, not behind it.
            counts[Math.Min(Bins - 1, (int)(Bins * ((gap - low) / (high - low))))]++;
        }

        return counts;
    }
}

/// <summary>Records the class masks of a run over its epochs, for every layer that has such masks.</summary>
/// <param name="epochs">Epochs of the run.</param>
internal sealed class MaskRecorder(int epochs) : Callback, IStateful
{
    private readonly Dictionary<string, MaskTrace> traces = new(StringComparer.Ordinal);

    /// <summary>The masks of each layer that dropped neurons by masks; null where none did, since they are drawn afresh for each sample or there are none.</summary>
    public IReadOnlyList<MaskHistory>? Masks => traces.Values.Where(trace => trace.HasDropped).Select(trace => trace.History).ToArray() is { Length: > 0 } masks ? masks : null;

    /// <summary>The gaps of each layer after the last epoch; null where there are none.</summary>
    public IReadOnlyList<GapHistogram>? Gaps { get; private set; }

    /// <inheritdoc/>
    public string Key => nameof(MaskRecorder);

    /// <inheritdoc/>
    public void ResetState()
    {
        traces.Clear();
        Gaps = null;
    }

    /// <inheritdoc/>
    public JsonNode SaveState() => JsonSerializer.SerializeToNode(new MaskRecorderState([.. traces.Values.Select(trace => trace.State)], Gaps), RunJson.Compact)!;

    /// <inheritdoc/>
    public void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var (saved, gaps) = state.Deserialize<MaskRecorderState>(RunJson.Compact)!;
        foreach (var trace in saved)
        {
            traces.Add(trace.History.Module, new MaskTrace(epochs, trace));
        }

        Gaps = gaps;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        foreach (var (name, layer) in LabelMasks.In(context.Model))
        {
            if (!traces.TryGetValue(name, out var trace))
            {
                traces.Add(name, trace = new MaskTrace(name, epochs));
            }

            trace.Add(record.Epoch, Dropped(layer.class_masks), (int)layer.class_masks.shape[1]);
        }
    }

    // Before the run is saved: training means are no part of what is, so a run taken up after its last step would have no gaps to tell of.
    /// <inheritdoc/>
    public override void OnSavePoint(FitContext context, SavePoint point)
    {
        if (point is SavePoint.Run)
        {
            GapHistogram[] gaps = [.. LabelMasks.In(context.Model).Select(named => GapsOf(named.Name, named.Layer)).OfType<GapHistogram>()];
            Gaps = gaps.Length == 0 ? Gaps : gaps;
        }
    }

    private static GapHistogram? GapsOf(string name, ILabelMasked layer)
    {
        using var scope = torch.NewDisposeScope();
        var gaps = layer.Gaps();
        var values = gaps.to(ScalarType.Float64).cpu().data<double>().ToArray();
        return GapHistogram.Of(name, [.. values.Chunk((int)gaps.shape[1])]);
    }

    private static long[][] Dropped(Tensor masks)
    {
        using var scope = torch.NewDisposeScope();
        var kept = masks.cpu().data<bool>().ToArray();
        return [.. kept.Chunk((int)masks.shape[1]).Select(row => Enumerable.Range(0, row.Length).Where(i => !row[i]).Select(i => (long)i).ToArray())];
    }
}

/// <summary>The masks of one layer as epochs go by: how much they change at every epoch, and what they are at as many as a picture can show.</summary>
/// <param name="module">Name of the layer.</param>
/// <param name="epochs">Epochs of the run.</param>
internal sealed class MaskTrace(string module, int epochs)
{
    private const int MostSnapshots = 60;

    /// <summary>Bound on the numbers of all snapshots together, so that wide layers do not swell the document.</summary>
    private const int MostNumbers = 200_000;

    private readonly List<MaskSnapshot> snapshots = [];
    private readonly List<double> replaced = [];
    private long[][] previous = [];
    private int numFeatures;

    /// <summary>A trace that goes on.</summary>
    /// <param name="epochs">Epochs of the run.</param>
    /// <param name="state">What was recorded so far.</param>
    public MaskTrace(int epochs, MaskTraceState state)
        : this(state.History.Module, epochs)
    {
        snapshots.AddRange(state.History.Snapshots);
        replaced.AddRange(state.History.Replaced);
        (previous, numFeatures) = (state.Previous, state.History.NumFeatures);
    }

    /// <summary>What it takes to go on.</summary>
    public MaskTraceState State => new(History, previous);

    /// <summary>What was recorded.</summary>
    public MaskHistory History => new(module, numFeatures, [.. snapshots], [.. replaced]);

    /// <summary>Whether any mask ever dropped a neuron.</summary>
    public bool HasDropped => replaced.Any(share => share > 0); // 1 at the epoch where dropping begins.

    /// <summary>Records an epoch.</summary>
    /// <param name="epoch">Its number, from 0.</param>
    /// <param name="dropped">For each class the neurons dropped, ascending.</param>
    /// <param name="width">Number of neurons.</param>
    public void Add(int epoch, long[][] dropped, int width)
    {
        numFeatures = width;
        replaced.Add(Replaced(previous, dropped));
        previous = dropped;
        if (IsShown(epoch, dropped.Sum(row => row.Length)))
        {
            snapshots.Add(new(epoch, dropped));
        }
    }

    // Evenly spread from the first epoch to the last; which are shown depends on the plan alone, not on when a run is stopped.
    private bool IsShown(int epoch, int numbers)
    {
        var count = Math.Clamp(MostNumbers / Math.Max(1, numbers), 2, MostSnapshots);
        return epochs <= count || epoch == 0 || Place(epoch, count) != Place(epoch - 1, count);
    }

    private long Place(long epoch, int count) => epoch * (count - 1) / (epochs - 1);

    private static double Replaced(long[][] before, long[][] now)
    {
        var all = now.Sum(row => row.Length);
        var known = before.Zip(now, (old, current) => current.Intersect(old).Count()).Sum();
        return all == 0 ? 0 : 1 - ((double)known / all);
    }
}

/// <summary>What the recorder remembers amid a run.</summary>
/// <param name="Traces">The masks of each layer.</param>
/// <param name="Gaps">Their gaps at the end; null before.</param>
internal sealed record MaskRecorderState(IReadOnlyList<MaskTraceState> Traces, IReadOnlyList<GapHistogram>? Gaps);

/// <summary>A trace of masks amid a run.</summary>
/// <param name="History">What was recorded so far.</param>
/// <param name="Previous">The neurons dropped after the last epoch.</param>
internal sealed record MaskTraceState(MaskHistory History, long[][] Previous);
