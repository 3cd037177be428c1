using TorchSharp;

namespace NsDropoutTorch.Training.Data;

/// <summary>A classification problem: labelled samples to learn from, others to be judged on, and where they came from.</summary>
/// <param name="Name">Name in the catalogue, or the file's name.</param>
/// <param name="NumClasses">C; labels are in [0, C).</param>
/// <param name="ClassNames">C names for people, in order of the labels.</param>
/// <param name="Source">Author, title, year and licence, or how it was generated.</param>
/// <param name="Files">The files really read; empty where the data is generated.</param>
public abstract record Dataset(string Name, int NumClasses, IReadOnlyList<string> ClassNames, string Source, IReadOnlyList<DataFile> Files)
{
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

    /// <summary>Throws unless there is a name for each class and no label outside [0, C) in either part.</summary>
    private protected void CheckClasses(IReadOnlyList<string> classNames)
    {
        if (classNames.Count != NumClasses)
            throw new ArgumentException(Invariant($"classNames must hold one name for each of {NumClasses} classes, but got {classNames.Count}."), nameof(classNames));
        CheckLabels(Train, "training");
        CheckLabels(Test, "test");
    }

    private void CheckLabels(SampleSet part, string name)
    {
        var row = Array.FindIndex(part.Labels, label => label >= NumClasses);
        if (row >= 0)
            throw new DataFormatException(Invariant($"labels must hold class indices in [0, {NumClasses}), but got {part.Labels[row]} at row {row} of the {name} part of {Name}."));
    }
}
