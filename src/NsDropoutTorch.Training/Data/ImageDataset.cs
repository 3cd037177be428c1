using TorchSharp;

namespace NsDropoutTorch.Training.Data;

/// <summary>A data set of images of one shape.</summary>
/// <inheritdoc cref="Dataset"/>
public sealed record ImageDataset : Dataset
{
    /// <summary>
    /// Throws <see cref="DataFormatException"/> for a label outside [0, <paramref name="numClasses"/>),
    /// <see cref="ArgumentException"/> where the parts' shapes or the count of names do not agree.
    /// </summary>
    public ImageDataset(
        string name,
        int numClasses,
        IReadOnlyList<string> classNames,
        ImageSet train,
        ImageSet test,
        string source,
        IReadOnlyList<DataFile> files)
        : base(name, numClasses, classNames, source, files)
    {
        (Train, Test) = (train, test);
        if (Shape(train) != Shape(test))
            throw new ArgumentException($"Both parts of {name} must have images of one shape and range, but got {Shape(train)} and {Shape(test)}.", nameof(test));
        CheckClasses(classNames);
    }

    /// <inheritdoc/>
    public override ImageSet Train { get; }

    /// <inheritdoc/>
    public override ImageSet Test { get; }

    private protected override TensorData ToTensors(SampleSet part, PixelScaling? scaling, bool flatten, torch.Device? device) =>
        TensorData.From((ImageSet)part, scaling, flatten, device);

    private static (int Channels, int Height, int Width, int MaxValue) Shape(ImageSet set) => (set.Channels, set.Height, set.Width, set.MaxValue);
}
