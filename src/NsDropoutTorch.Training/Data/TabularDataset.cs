using TorchSharp;

namespace NsDropoutTorch.Training.Data;

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
