using System.Diagnostics;
using TorchSharp;

namespace NsDropoutTorch.Data;

/// <summary>A classification problem: labelled samples to learn from, others to be judged on, and where they came from.</summary>
/// <param name="Name">Name in the catalogue, or the file's name.</param>
/// <param name="NumClasses">C; labels are in [0, C).</param>
/// <param name="ClassNames">C names for people, in order of the labels.</param>
/// <param name="Source">Author, title, year and licence, or how it was generated.</param>
/// <param name="Files">The files really read; empty where the data is generated.</param>
public abstract record Dataset(string Name, int NumClasses, IReadOnlyList<string> ClassNames, string Source, IReadOnlyList<DataFile> Files)
{
    /// <summary>The column of a table that was taken for the class, <c>column 5 (species)</c>; null where the data is no table.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>Samples to learn from and to split further.</summary>
    public abstract SampleSet Train { get; }

    /// <summary>Samples to judge by, disjoint from <see cref="Train"/>.</summary>
    public abstract SampleSet Test { get; }

    /// <summary><see cref="Train"/> as tensors; see <see cref="ToTensors"/>.</summary>
    public TensorData TrainTensors(PixelScaling? scaling = null, bool flatten = true, torch.Device? device = null) =>
        ToTensors(Train, scaling, flatten, device);

    /// <summary><see cref="Test"/> as tensors; see <see cref="ToTensors"/>.</summary>
    public TensorData TestTensors(PixelScaling? scaling = null, bool flatten = true, torch.Device? device = null) =>
        ToTensors(Test, scaling, flatten, device);

    /// <summary>
    /// One of the two parts as tensors: images scaled as asked (by default <see cref="PixelScaling.Symmetric"/>) and flattened or not;
    /// measurements, to which scaling of pixels and flattening mean nothing, standardised by <see cref="Train"/>.
    /// </summary>
    private protected abstract TensorData ToTensors(SampleSet part, PixelScaling? scaling, bool flatten, torch.Device? device);

    /// <summary>Throws unless there is a name for each class, and no label outside [0, C) in either part.</summary>
    private protected void CheckClasses(IReadOnlyList<string> classNames)
    {
        if (classNames.Count != NumClasses)
            throw new ArgumentException(Invariant($"classNames must hold one name for each of {NumClasses} classes, but got {classNames.Count}."), nameof(classNames));
        CheckLabels(Train, "training");
        CheckLabels(Test, "test");
    }

    /// <summary>Throws <see cref="DataFormatException"/> unless both parts have samples of at least two classes, and the test part of none that training lacks.</summary>
    public void CheckVariety()
    {
        CheckVariety(Train, "training");
        CheckVariety(Test, "test");
        var unknown = Test.Labels.Except(Train.Labels).Order().ToArray();
        if (unknown.Length > 0)
        {
            throw new DataFormatException(
                $"Every class of the test part must be in the training part, but {Name} has {string.Join(", ", unknown.Select(label => $"'{ClassNames[label]}'"))} in its test part alone: "
                + "add samples of it to the training part, or remove it.");
        }
    }

    // With one class every network is right.
    private void CheckVariety(SampleSet part, string name)
    {
        if (part.Count == 0)
            throw new DataFormatException($"The {name} part must have samples, but that of {Name} has none.");
        if (!part.Labels.AsSpan().ContainsAnyExcept(part.Labels[0]))
            throw new DataFormatException($"The {name} part must have at least two classes, but all {part.Count} samples of that of {Name} are of class '{ClassNames[part.Labels[0]]}'.");
    }

    private void CheckLabels(SampleSet part, string name)
    {
        var row = Array.FindIndex(part.Labels, label => label >= NumClasses);
        if (row >= 0)
            throw new DataFormatException(Invariant($"labels must hold class indices in [0, {NumClasses}), but got {part.Labels[row]} at row {row} of the {name} part of {Name}."));
    }
}

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

/// <summary>A file that a data set was really read from, so that a result can name its data.</summary>
/// <param name="Name">The file's name, without its folder.</param>
/// <param name="Bytes">Length as it lies on disk.</param>
/// <param name="Sha256">SHA-256 of those bytes, 64 lower-case hexadecimal digits.</param>
public sealed record DataFile(string Name, long Bytes, string Sha256);

/// <summary>
/// What a tool can see of a program from outside, through a <see cref="DiagnosticListener"/> of the name <c>NsDropoutTorch.Data</c>: <c>DatasetLoaded</c> (a
/// <see cref="Dataset"/>, before the program has it). Costs nothing while nobody listens.
/// </summary>
internal static class DatasetEvents
{
    private static readonly DiagnosticListener Listener = new("NsDropoutTorch.Data");

    public static TDataset Loaded<TDataset>(TDataset dataset)
        where TDataset : Dataset
    {
        if (Listener.IsEnabled()) Listener.Write("DatasetLoaded", dataset);
        return dataset;
    }
}
