namespace NsDropoutTorch.Training.Data;

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
