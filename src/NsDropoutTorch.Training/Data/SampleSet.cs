namespace NsDropoutTorch.Training.Data;

/// <summary>Labelled samples in host memory; what a split needs to know of any data set.</summary>
public abstract record SampleSet
{
    private protected SampleSet(byte[] labels) => Labels = labels;

    /// <summary>The number of samples N.</summary>
    public int Count => Labels.Length;

    /// <summary>Class indices, shape [N]; a data set has at most 256 classes.</summary>
    public byte[] Labels { get; }

    /// <summary>How many samples each of <paramref name="numClasses"/> classes has.</summary>
    public int[] CountPerClass(int numClasses)
    {
        var counts = new int[numClasses];
        foreach (var label in Labels)
            counts[label]++;
        return counts;
    }
}
