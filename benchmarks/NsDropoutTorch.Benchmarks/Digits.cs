using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;

namespace NsDropoutTorch.Benchmarks;

/// <summary>The images that training is timed on: MNIST where it is found, else optdigits, which comes with the program.</summary>
internal static class Digits
{
    private static readonly DatasetCatalog Catalog = DatasetCatalog.Over();

    public static string Name { get; } = Catalog.FirstAvailable("mnist", "optdigits");

    public static ImageDataset Load() => (ImageDataset)Catalog.Load(Name);
}
