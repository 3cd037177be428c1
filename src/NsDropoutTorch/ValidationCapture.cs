using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Feeds a validation pass to every layer of a model that learns from it:
/// <code>
/// model.eval();
/// using (ValidationCapture.Begin(model))
///     foreach (var (x, labels) in validation)
///         using (LabelScope.Use(labels)) model.call(x).Dispose();
/// </code>
/// When the scope ends, each layer gets the statistics of its own input over all batches, and replaces its cache by them.
/// </summary>
/// <remarks>
/// <para>A layer that no batch reached keeps its former cache, and so do all when the scope ends without data.</para>
/// <para>
/// A <see cref="LabelScope"/> is a batch. A batch counts when it reached every layer that this capture or an earlier one
/// has reached; so a batch that an exception cut short between two layers counts for neither, and the batches before
/// it count for both. A batch without a LabelScope (a layer called with labels directly, or one that shares its mask) counts at once.
/// </para>
/// <para>Captures belong to the thread that began them, as label scopes do. Of nested captures the innermost that holds the layer gets the batch.</para>
/// </remarks>
public sealed class ValidationCapture : IDisposable
{
    [ThreadStatic]
    private static ValidationCapture? innermost;

    private readonly ValidationCapture? outer;
    private readonly HashSet<ICapturesValidation> layers;
    private readonly Dictionary<ICapturesValidation, ValidationStatistics> totals = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ICapturesValidation, ValidationStatistics> batch = new(ReferenceEqualityComparer.Instance);
    private LabelScope? batchScope;
    private bool closed;

    private ValidationCapture(nn.Module model)
    {
        layers = new(LayersOf(model), ReferenceEqualityComparer.Instance);
        outer = Current;
        innermost = this;
    }

    /// <summary>The innermost open capture of this thread, or null.</summary>
    public static ValidationCapture? Current
    {
        get
        {
            while (innermost is { closed: true })
                innermost = innermost.outer;
            return innermost;
        }
    }

    /// <summary>Opens a capture over a model, to be disposed after the validation pass.</summary>
    /// <param name="model">The model, in eval mode during the pass; it may itself be such a layer.</param>
    public static ValidationCapture Begin(nn.Module model) => new(model);

    /// <summary>Whether a model holds a layer that learns from validation activations.</summary>
    /// <param name="model">The model, or such a layer itself.</param>
    public static bool IsNeededBy(nn.Module model) => LayersOf(model).Any();

    /// <summary>The innermost open capture of this thread that holds a layer, or null.</summary>
    /// <param name="layer">The layer that asks, usually from its <c>forward</c>.</param>
    public static ValidationCapture? For(ICapturesValidation layer)
    {
        var capture = Current;
        while (capture is not null && (capture.closed || !capture.layers.Contains(layer)))
            capture = capture.outer;
        return capture;
    }

    /// <summary>Takes a layer's statistics of one batch; the capture becomes their owner.</summary>
    /// <param name="layer">A layer of the model.</param>
    /// <param name="statistics">Statistics of the layer's input.</param>
    public void Record(ICapturesValidation layer, ValidationStatistics statistics)
    {
        var scope = LabelScope.Current;
        if (scope is null or { ForOneLayer: true })
        {
            Merge(totals, layer, statistics);
            return;
        }

        if (!ReferenceEquals(scope, batchScope)) EndBatch();
        batchScope = scope;
        Merge(batch, layer, statistics);
    }

    /// <summary>Ends the capture and fills the caches.</summary>
    public void Dispose()
    {
        if (closed) return;
        closed = true;
        _ = Current;

        EndBatch();
        try
        {
            foreach (var (layer, statistics) in totals)
                layer.CacheValidation(statistics);
        }
        finally
        {
            foreach (var statistics in totals.Values)
                statistics.Dispose();
        }
    }

    private static IEnumerable<ICapturesValidation> LayersOf(nn.Module model) =>
        model.modules().Prepend(model).OfType<ICapturesValidation>();

    private static void Merge(Dictionary<ICapturesValidation, ValidationStatistics> into, ICapturesValidation layer, ValidationStatistics statistics)
    {
        if (into.TryAdd(layer, statistics)) return;
        into[layer].Add(statistics);
        statistics.Dispose();
    }

    private void EndBatch()
    {
        var complete = layers.All(layer => batch.ContainsKey(layer) || !IsExpected(layer));
        foreach (var (layer, statistics) in batch)
        {
            if (complete) Merge(totals, layer, statistics);
            else statistics.Dispose();
        }

        batch.Clear();
        batchScope = null;
    }

    private bool IsExpected(ICapturesValidation layer) => layer.HasValidation || totals.ContainsKey(layer);
}
