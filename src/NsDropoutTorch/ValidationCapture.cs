using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Feeds a validation pass to every layer of a model that learns from it:
/// <code>
/// model.eval();
/// using var capture = ValidationCapture.Begin(model);
/// foreach (var (x, labels) in validation)
///     using (LabelScope.Use(labels)) model.call(x).Dispose();
/// capture.Complete();
/// </code>
/// <see cref="Complete"/> gives each layer the statistics of its own input over all batches, which replace its cache. A capture that is disposed without it,
/// because an exception left the pass for instance, changes nothing.
/// </summary>
/// <remarks>
/// <para>
/// A <see cref="LabelScope"/> is a batch. A batch counts when it reached every layer that this capture or an earlier one
/// has reached; so a batch that an exception cut short between two layers counts for neither, and the others count for
/// both. A batch without a LabelScope (a layer called with labels directly, or one that shares its mask) counts at once. A layer that no batch reached keeps its
/// former cache.
/// </para>
/// <para>
/// A capture flows with the logical call, as label scopes do. Of nested captures the innermost that holds the layer gets the batch; each is completed by itself.
/// </para>
/// </remarks>
public sealed class ValidationCapture : IDisposable
{
    private readonly FlowScope<ValidationCapture> place;
    private readonly HashSet<ICapturesValidation> layers;
    private readonly Lock recording = new();
    private readonly Dictionary<LabelScope, LayerStatistics> batches = new(ReferenceEqualityComparer.Instance);
    private readonly LayerStatistics totals = new();

    // Batches that have ended; those that reached the same layers are one.
    private readonly List<LayerStatistics> ended = [];

    private ValidationCapture(nn.Module model)
    {
        layers = new(LayersOf(model), ReferenceEqualityComparer.Instance);
        place = new(this);
    }

    /// <summary>The innermost capture of this logical call; null where there is none, or where it ended while this work was still running.</summary>
    public static ValidationCapture? Current => FlowScope<ValidationCapture>.Current;

    /// <summary>Opens a capture over a model, to be completed after the validation pass and disposed in any case.</summary>
    /// <param name="model">The model, in eval mode during the pass; it may itself be such a layer.</param>
    public static ValidationCapture Begin(nn.Module model) => new(model);

    /// <summary>Whether a model holds a layer that learns from validation activations.</summary>
    /// <param name="model">The model, or such a layer itself.</param>
    public static bool IsNeededBy(nn.Module model) => LayersOf(model).Any();

    /// <summary>The innermost open capture of this logical call that holds a layer, or null.</summary>
    /// <param name="layer">The layer that asks, usually from its <c>forward</c>.</param>
    /// <exception cref="InvalidOperationException">The innermost has ended while this work was still running, and another is open around it.</exception>
    public static ValidationCapture? For(ICapturesValidation layer)
    {
        var innermost = Around(FlowScope<ValidationCapture>.Innermost, layer);
        if (innermost is null or { IsOpen: true }) return innermost?.Owner;

        // The capture around it must not count this batch: it belongs to another pass.
        return Around(innermost.Outer, layer) is null ? null : throw new InvalidOperationException(
            "A ValidationCapture must stay open while work that was started in it calls the model, but it ended before, and another is open around it: "
            + "await the work, then complete or dispose the inner capture where it was begun.");
    }

    /// <summary>Takes a layer's statistics of one batch; the capture becomes their owner. Tasks of one capture may record at once.</summary>
    /// <param name="layer">A layer of the model.</param>
    /// <param name="statistics">Statistics of the layer's input.</param>
    /// <exception cref="InvalidOperationException">The capture was completed or disposed before.</exception>
    public void Record(ICapturesValidation layer, ValidationStatistics statistics)
    {
        lock (recording)
        {
            if (!place.IsOpen)
            {
                statistics.Dispose();
                throw Ended("when a layer records");
            }

            EndBatches(onlyClosed: true);
            if (LabelScope.Current is not { ForOneLayer: false } scope)
            {
                totals.Add(layer, statistics);
                return;
            }

            if (!batches.TryGetValue(scope, out var batch))
                batches.Add(scope, batch = new());
            batch.Add(layer, statistics);
        }
    }

    /// <summary>Ends the capture and replaces the cache of each layer by the new statistics. Call it once, at the end of the pass.</summary>
    /// <exception cref="InvalidOperationException">
    /// No sample reached the layers of the model, or the capture was completed or disposed before; no cache has changed then.
    /// </exception>
    public void Complete()
    {
        lock (recording)
        {
            if (!place.IsOpen) throw Ended("when it is completed");
            EndBatches(onlyClosed: false);
            var isCutShort = ended.Count > 0;
            AddWhatIsWhole();
            if (layers.Count > 0 && totals.Rows == 0) throw NoSamples(isCutShort);
            place.End();
        }

        using var owned = totals;
        totals.HandOver();
    }

    /// <summary>Ends the capture and discards its statistics unless it was completed.</summary>
    public void Dispose()
    {
        lock (recording)
        {
            if (!place.End()) return;
            foreach (var statistics in batches.Values.Concat(ended).Append(totals))
                statistics.Dispose();
        }
    }

    private static IEnumerable<ICapturesValidation> LayersOf(nn.Module model) =>
        model.modules().Prepend(model).OfType<ICapturesValidation>();

    private static FlowScope<ValidationCapture>? Around(FlowScope<ValidationCapture>? place, ICapturesValidation layer)
    {
        while (place is not null && !place.Owner.layers.Contains(layer))
            place = place.Outer;
        return place;
    }

    private static InvalidOperationException Ended(string when) =>
        new($"A ValidationCapture must be open {when}, but it was completed or disposed before: begin one for each validation pass, and complete it once, at the end.");

    private static InvalidOperationException NoSamples(bool isCutShort) => new("ValidationCapture.Complete needs a sample that reached the layers of the model, but " + (isCutShort
        ? "each batch was empty, or was cut short before it had reached them all: give it rows, and let the exception that cuts a batch short end the pass."
        : "there was none: call the model in eval mode between Begin and Complete, `using (LabelScope.Use(labels)) model.call(x)`, in no other capture of it."));

    private void EndBatches(bool onlyClosed)
    {
        foreach (var (scope, batch) in batches)
        {
            if (onlyClosed && scope.IsOpen) continue;
            batches.Remove(scope);
            if (ended.Find(former => former.ReachedTheSame(batch)) is not { } same)
            {
                ended.Add(batch);
                continue;
            }

            using var added = batch;
            added.MoveTo(same);
        }
    }

    private void AddWhatIsWhole()
    {
        var expected = layers.Where(layer => layer.HasValidation || totals.Reached(layer) || ended.Exists(batch => batch.Reached(layer))).ToArray();
        foreach (var batch in ended)
        {
            using var owned = batch;
            if (Array.TrueForAll(expected, batch.Reached)) owned.MoveTo(totals);
        }

        ended.Clear();
    }
}

/// <summary>
/// A module that learns from validation activations. In eval mode it hands each batch to <see cref="ValidationCapture.For"/>,
/// and gets the sum of all batches back when the capture is completed. Trainers know such modules by this interface alone.
/// </summary>
public interface ICapturesValidation
{
    /// <summary>Whether the module holds statistics of an earlier capture (or of a loaded one).</summary>
    bool HasValidation { get; }

    /// <summary>Replaces the module's cache, unless there are no rows. Called once per completed capture that reached the module.</summary>
    /// <param name="statistics">All rows of the capture; the module becomes its owner.</param>
    void CacheValidation(ValidationStatistics statistics);
}

/// <summary>Statistics of the inputs of several layers, in the order in which the layers were reached.</summary>
internal sealed class LayerStatistics : IDisposable
{
    private readonly Dictionary<ICapturesValidation, ValidationStatistics> ofLayer = new(ReferenceEqualityComparer.Instance);

    /// <summary>Rows of all layers together.</summary>
    public long Rows => ofLayer.Values.Sum(statistics => statistics.Rows);

    /// <summary>Whether there are statistics of a layer.</summary>
    public bool Reached(ICapturesValidation layer) => ofLayer.ContainsKey(layer);

    /// <summary>Whether this and another hold statistics of the same layers.</summary>
    public bool ReachedTheSame(LayerStatistics other) => ofLayer.Count == other.ofLayer.Count && ofLayer.Keys.All(other.Reached);

    /// <summary>Adds a layer's statistics, and becomes their owner.</summary>
    public void Add(ICapturesValidation layer, ValidationStatistics statistics)
    {
        if (ofLayer.TryAdd(layer, statistics)) return;
        using var added = statistics;
        ofLayer[layer].Add(added);
    }

    /// <summary>Adds all of this to another, which becomes its owner.</summary>
    public void MoveTo(LayerStatistics other)
    {
        foreach (var (layer, statistics) in ofLayer)
        {
            ofLayer.Remove(layer);
            other.Add(layer, statistics);
        }
    }

    /// <summary>Gives each layer its own.</summary>
    public void HandOver()
    {
        foreach (var (layer, statistics) in ofLayer)
            layer.CacheValidation(statistics);
    }

    /// <summary>Frees what was not moved.</summary>
    public void Dispose()
    {
        foreach (var statistics in ofLayer.Values)
            statistics.Dispose();
        ofLayer.Clear();
    }
}
