using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>Records the class masks of a run over its epochs, for every layer that has such masks.</summary>
/// <param name="epochs">Epochs of the run.</param>
internal sealed class MaskRecorder(int epochs) : Callback
{
    private readonly Dictionary<string, MaskTrace> traces = new(StringComparer.Ordinal);

    /// <summary>The masks of each layer; null where the network has none.</summary>
    public IReadOnlyList<MaskHistory>? Masks => traces.Count == 0 ? null : [.. traces.Values.Select(trace => trace.History)];

    /// <summary>The gaps of each layer after the last epoch; null where there are none.</summary>
    public IReadOnlyList<GapHistogram>? Gaps { get; private set; }

    /// <inheritdoc/>
    public override void OnFitBegin(FitContext context)
    {
        traces.Clear();
        Gaps = null;
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

    /// <inheritdoc/>
    public override void OnFitEnd(FitContext context)
    {
        GapHistogram[] gaps = [.. LabelMasks.In(context.Model).Select(named => GapsOf(named.Name, named.Layer)).OfType<GapHistogram>()];
        Gaps = gaps.Length == 0 ? null : gaps;
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
