namespace NsDropoutTorch.Training.Data;

/// <summary>How measurements are standardised: (x − mean) / deviation per feature.</summary>
public sealed record FeatureScaling
{
    private FeatureScaling(double[] means, double[] deviations) => (Means, Deviations) = (means, deviations);

    /// <summary>Shape [F].</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>Population standard deviations, shape [F]; 1 for a feature that never changes.</summary>
    public IReadOnlyList<double> Deviations { get; }

    /// <summary>The means and deviations of <paramref name="rows"/>, which must not be empty.</summary>
    public static FeatureScaling FitTo(TabularSet rows)
    {
        if (rows.Count == 0)
            throw new ArgumentException("Statistics need at least one row, but got none.", nameof(rows));
        var means = new double[rows.NumFeatures];
        ForEach(rows, (feature, value) => means[feature] += value / rows.Count);
        var variances = new double[rows.NumFeatures];
        ForEach(rows, (feature, value) => variances[feature] += (value - means[feature]) * (value - means[feature]) / rows.Count);
        return new FeatureScaling(means, [.. variances.Select(variance => variance > 0 ? Math.Sqrt(variance) : 1)]);
    }

    /// <summary>A standardised copy of <paramref name="rows"/>.</summary>
    public TabularSet Apply(TabularSet rows)
    {
        if (rows.NumFeatures != Means.Count)
            throw new ArgumentException(Invariant($"rows must have {Means.Count} features, but got {rows.NumFeatures}."), nameof(rows));
        var values = new float[rows.Values.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((rows.Values[i] - Means[i % Means.Count]) / Deviations[i % Means.Count]);
        return new TabularSet(rows.NumFeatures, values, rows.Labels);
    }

    private static void ForEach(TabularSet rows, Action<int, double> visit)
    {
        for (var i = 0; i < rows.Values.Length; i++)
            visit(i % rows.NumFeatures, rows.Values[i]);
    }
}
