using TorchSharp;

namespace NsDropoutTorch.Data;

/// <summary>A data set of rows of measurements.</summary>
/// <inheritdoc cref="Dataset"/>
public sealed record TabularDataset : Dataset
{
    /// <summary>
    /// Throws <see cref="DataFormatException"/> for a label outside [0, <paramref name="numClasses"/>),
    /// <see cref="ArgumentException"/> where the counts of features or of names do not agree.
    /// </summary>
    public TabularDataset(
        string name,
        int numClasses,
        IReadOnlyList<string> classNames,
        IReadOnlyList<string> featureNames,
        TabularSet train,
        TabularSet test,
        string source,
        IReadOnlyList<DataFile> files)
        : base(name, numClasses, classNames, source, files)
    {
        (FeatureNames, Train, Test) = (featureNames, train, test);
        if (train.NumFeatures != featureNames.Count || test.NumFeatures != featureNames.Count)
        {
            throw new ArgumentException(
                Invariant($"Both parts of {name} must have the {featureNames.Count} features named, but got {train.NumFeatures} and {test.NumFeatures}."),
                nameof(featureNames));
        }

        CheckClasses(classNames);
    }

    /// <summary>F names for people, in order of the columns.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <inheritdoc/>
    public override TabularSet Train { get; }

    /// <inheritdoc/>
    public override TabularSet Test { get; }

    private protected override TensorData ToTensors(SampleSet part, PixelScaling? scaling, bool flatten, torch.Device? device) =>
        TensorData.From(FeatureScaling.FitTo(Train).Apply((TabularSet)part), device);
}

/// <summary>Labelled rows of measurements in host memory, shape [N,F], row-major.</summary>
public sealed record TabularSet : SampleSet
{
    /// <summary>
    /// Takes the arrays as they are, without a copy.
    /// Throws <see cref="ArgumentException"/> unless there are N·F finite values for the N labels.
    /// </summary>
    /// <param name="numFeatures">F.</param>
    /// <param name="values">N·F finite measurements.</param>
    /// <param name="labels">N class indices.</param>
    public TabularSet(int numFeatures, float[] values, byte[] labels)
        : base(labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numFeatures);
        (NumFeatures, Values) = (numFeatures, values);
        CheckValues(values);
    }

    /// <summary>F.</summary>
    public int NumFeatures { get; }

    /// <summary>Measurements, shape [N,F], row-major.</summary>
    public float[] Values { get; }

    /// <summary>The measurements of one sample, shape [F].</summary>
    public ReadOnlySpan<float> ValuesOf(int index) => Values.AsSpan(index * NumFeatures, NumFeatures);

    /// <summary>A copy of the samples at <paramref name="indices"/>, in that order.</summary>
    public TabularSet Select(IReadOnlyList<int> indices)
    {
        var values = new float[indices.Count * NumFeatures];
        for (var i = 0; i < indices.Count; i++)
            ValuesOf(indices[i]).CopyTo(values.AsSpan(i * NumFeatures));
        return new TabularSet(NumFeatures, values, [.. indices.Select(index => Labels[index])]);
    }

    private void CheckValues(float[] values)
    {
        var expected = (long)Count * NumFeatures;
        if (values.LongLength != expected)
            throw new ArgumentException(Invariant($"values must hold N·F = {Count}·{NumFeatures} = {expected} numbers, but got {values.LongLength}."), nameof(values));
        var position = Array.FindIndex(values, value => !float.IsFinite(value));
        if (position >= 0)
            throw new ArgumentException(Invariant($"values must be finite, but got {values[position]} in row {position / NumFeatures}."), nameof(values));
    }
}

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
