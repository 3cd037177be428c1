// Trains on the device named by the first argument (auto, cpu, cuda, cuda:1) for as many epochs as the second says, on the images that the
// third names (optdigits, mnist, …), with the training data on that device and in host memory, and prints how fast either is.
using System.Globalization;
using NsDropoutTorch;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Data;
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

    // A fifth of the training part is held out for the activations that NSDropout compares with.
    var (kept, width) = (images.Train.Count * 4 / 5, images.Train.PixelsPerImage);
    using var validation = TensorData.From(images.Train.Slice(kept, images.Train.Count - kept), device: device);
    using var test = images.TestTensors(device: device);
    using (var train = TensorData.From(images.Train.Slice(0, kept), device: device))
        Train("training data on the device", train);
    using (var train = TensorData.From(images.Train.Slice(0, kept), device: CPU))
        Train("training data in host memory", train);

    void Train(string place, TensorData train)
    {
        Seeding.Seed(1);
        using var model = nn.Sequential(
            nn.Linear(width, 1024), nn.ReLU(), nn.NSDropout(1024, images.NumClasses, p: 0.2, new() { Momentum = 0.1 }),
            nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, images.NumClasses)).to(device);
        var fit = Trainer.Fit(model, train, validation, new TrainerOptions { Epochs = epochs, BatchSize = BatchSize });
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
