using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;

namespace NsDropoutTorch.Experiments.Tests;

/// <summary>optdigits, as it lies beside the tests.</summary>
internal static class Digits
{
    private static readonly ImageDataset All = (ImageDataset)new DatasetCatalog([Path.Combine(AppContext.BaseDirectory, "data")]).Load("optdigits");

    /// <summary>The first images of either part.</summary>
    public static ImageDataset First(int trainCount, int testCount) => new(
        All.Name, All.NumClasses, All.ClassNames, All.Train.Slice(0, trainCount), All.Test.Slice(0, testCount), All.Source, All.Files);
}
