// A network of pixel embeddings for CIFAR-10, as described in a forum thread (docs/results.md, "Pixel embeddings"); on optdigits where CIFAR-10 is not found.
// dotnet run --project examples/PixelEmbedding -c Release -- [epochs] [device]
using System.Globalization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Examples;
using TorchSharp;
using static TorchSharp.torch;

NativeDefaults.Apply();
var epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1;
var device = DeviceChoice.Resolve(args.Length > 1 ? args[1] : "auto");

// The first batch of CIFAR-10 to learn from, the second to be tested on: 10,000 images each.
var catalog = DatasetCatalog.Over();
var images = (ImageDataset)catalog.Load(catalog.FirstAvailable("cifar-10-batches", "optdigits"));
using var train = images.TrainTensors(flatten: false, device: device);
using var test = images.TestTensors(flatten: false, device: device);

Seeding.Seed(1);
using var model = new PixelNetwork(images.Train.Channels, images.Train.Height, images.Train.Width).to(device);
var options = new TrainerOptions { Epochs = epochs, BatchSize = 100, Seed = 1, Optimizer = parameters => optim.Adam(parameters, lr: 0.0003) };
Trainer.Fit(model, train, validation: null, options, [new ProgressLog(Console.Out, "pixel embeddings")]);

Console.WriteLine("test accuracy on CIFAR-10, published:  30 to 32 %");
Console.WriteLine($"test accuracy on {images.Name}, measured:  {1 - Trainer.Evaluate(model, test).Error:P1}");
