using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using TorchSharp;

namespace NsDropoutTorch.Benchmarks;

/// <summary>The images that training is timed on: MNIST where it is found, else optdigits, which comes with the program.</summary>
internal static class Digits
{
    private static readonly DatasetCatalog Catalog = DatasetCatalog.Over();

    public static string Name { get; } = Catalog.FirstAvailable("mnist", "optdigits");

    /// <summary>At most <paramref name="samples"/> of the samples to train with, in host memory unless a device is named.</summary>
    public static TensorData Train(int samples, torch.Device? device = null) => First(samples, Load().TrainTensors(device: device));

    /// <summary>At most 1,000 others, likewise.</summary>
    public static TensorData Validation(torch.Device? device = null) => First(1000, Load().TestTensors(device: device));

    public static ImageDataset Load() => (ImageDataset)Catalog.Load(Name);

    private static TensorData First(int samples, TensorData all)
    {
        using (all) return all.Select([.. Enumerable.Range(0, Math.Min(samples, (int)all.Count)).Select(i => (long)i)]);
    }
}
