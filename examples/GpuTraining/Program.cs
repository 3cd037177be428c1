// Trains on the device named by the first argument (auto, cpu, cuda, cuda:1) for as many epochs as the second says, on the images that the
// third names (optdigits, mnist, …), with the training data on that device and in host memory, and prints how fast either is.
using System.Globalization;
using NsDropoutTorch;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

NativeDefaults.Apply();

const int BatchSize = 256;

try
{
    var device = DeviceChoice.Resolve(args.ElementAtOrDefault(0) ?? "auto");
    var epochs = int.Parse(args.ElementAtOrDefault(1) ?? "10", CultureInfo.InvariantCulture);
    var images = (ImageDataset)DatasetCatalog.Over().Load(args.ElementAtOrDefault(2) ?? "optdigits");
    Console.WriteLine($"device {device}, {images.Name}, {epochs} epochs, batches of {BatchSize}");

    using var test = images.TestTensors(device: device);
    Train("training data on the device", device);
    Train("training data in host memory", CPU);

    void Train(string place, Device home)
    {
        // A fifth of the training part is held out for the activations that NSDropout compares with.
        using var all = images.TrainTensors(device: home);
        var parts = all.Split(share: 0.2, seed: 1);
        using var train = parts.Fit;
        using var statistics = parts.HeldOut;
        Seeding.Seed(1);
        using var model = nn.Sequential(
            nn.Linear(images.Train.PixelsPerImage, 1024), nn.ReLU(), nn.NSDropout(1024, images.NumClasses, p: 0.2, NSDropoutOptions.LabelFree),
            nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, images.NumClasses)).to(device);
        var fit = Trainer.Fit(model, train, validation: null, new TrainerOptions { Epochs = epochs, BatchSize = BatchSize }, maskStatistics: statistics);
        // The first epoch also pays for starting up.
        var timed = fit.History.Skip(epochs > 1 ? 1 : 0).ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{place}: {train.Count * timed.Length / timed.Sum(epoch => epoch.Seconds):N0} samples a second, test error {Trainer.Evaluate(model, test).Error:P1}"));
    }

    return 0;
}
catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
