// Fashion-MNIST by TorchVision's data set, with and without augmentation and dropout: docs/torchvision.md, figures in docs/results.md.
// dotnet run --project examples/TorchVision -c Release -- [--quick] [--data DIR]
using System.Diagnostics;
using System.Globalization;
using AugmentedFashion;
using NsDropoutTorch;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Metrics;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torchvision;

NativeDefaults.Apply();
var quick = args.Contains("--quick", StringComparer.Ordinal);
var found = DatasetCatalog.Over(Array.IndexOf(args, "--data") is >= 0 and var i ? args[i + 1] : null).Find("fashion-mnist");
if (!found.IsAvailable)
{
    Console.Error.WriteLine("This example needs Fashion-MNIST: fetch it with `nsdropout data download fashion-mnist`, or name a folder that holds it by --data or NSDROPOUT_DATA.");
    return 1;
}

// Everything is fixed before the first look at the test part: it chooses no epoch, rate or seed.
var (count, epochs, seeds) = quick ? (100, 2, 2) : (5_000, 15, 3);
using var folder = new TorchVisionFolder();
folder.Add("fashion-mnist", found.Files);

#region datasets
using var train = datasets.FashionMNIST(folder.Path, train: true);
using var test = datasets.FashionMNIST(folder.Path, train: false);
var augmentation = transforms.Compose(new RandomCrop(padding: 2), transforms.RandomHorizontalFlip());
#endregion

var outcomes = new List<Outcome>();
foreach (var (augmented, p) in new[] { (false, 0.0), (false, 0.5), (true, 0.0), (true, 0.5) })
{
    for (var seed = 1; seed <= seeds; seed++)
    {
        outcomes.Add(Run(augmented, p, seed));
        Console.WriteLine(outcomes[^1].Line);
    }
}

AnsiConsole.Write(OutcomeTable.Of(outcomes));
return 0;

Outcome Run(bool augmented, double p, int seed)
{
    var watch = Stopwatch.StartNew();
    Seeding.Seed(seed);
    using var model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(p), nn.Linear(16 * 7 * 7, 64), nn.ReLU(), nn.Dropout(p), nn.Linear(64, 10));

    #region fit
    using var fit = new Part(train, start: 0, count, augmented ? augmentation : null);
    using var held = new Part(train, start: count, count: count / 5);
    var options = new TrainerOptions { Epochs = epochs, BatchSize = 64, Seed = seed };
    var last = Trainer.Fit(model, BatchSource.FromDataset(fit, "data", "label"), BatchSource.FromDataset(held, "data", "label"), options).History[^1];
    #endregion

    #region test
    var accuracy = new Accuracy();
    using var loader = torch.utils.data.DataLoader(test, batchSize: 500, disposeDataset: false);
    Trainer.Evaluate(model, loader.Select(batch => (batch["data"], batch["label"])), [accuracy]);
    #endregion
    return new(augmented, p, seed, last.TrainError, last.SelectionError ?? double.NaN, 1 - accuracy.Value, watch.Elapsed);
}
