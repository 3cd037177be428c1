namespace NsDropoutTorch;

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
