// The convolutional network of an article on dropout, with dropout and without, side by side in one run (docs/results.md, "Convolution on MNIST"); on optdigits where MNIST is not found.
// dotnet run --project examples/ArticleCnn -c Release -- [--epochs 200] [--device auto|cpu|cuda]
using System.Globalization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Examples;
using NsDropoutTorch.Experiments.Report;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

NativeDefaults.Apply();
string Option(string name, string otherwise) => Array.IndexOf(args, name) is var i && i >= 0 ? args[i + 1] : otherwise;
var device = DeviceChoice.Resolve(Option("--device", "auto"));
var options = new TrainerOptions { Epochs = int.Parse(Option("--epochs", "200"), CultureInfo.InvariantCulture), BatchSize = 128, Seed = 1 };

var catalog = DatasetCatalog.Over();
var images = (ImageDataset)catalog.Load(catalog.FirstAvailable("mnist", "optdigits"));
using var train = images.TrainTensors(flatten: false, device: device);
using var test = images.TestTensors(flatten: false, device: device);
using var sample = train.Select([.. Enumerable.Range(0, (int)test.Count).Select(row => (long)row)]);
var features = 10 * (images.Train.Height / 2) * (images.Train.Width / 2);

var curves = new List<ErrorCurves>();
foreach (var (name, p) in new[] { ("dropout 0.5", 0.5), ("no dropout", 0) })
{
    Seeding.Seed(1);
    using var model = nn.Sequential(
        nn.Conv2d(1, 10, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(features, 100), nn.ReLU(), nn.Dropout(p), nn.Linear(100, 10)).to(device);
    var (sampled, tested) = (new SampledErrors(model, sample), new SampledErrors(model, test));
    Trainer.Fit(model, train, validation: null, options, [sampled, tested, new ProgressLog(Console.Out, name)]);
    curves.Add(new(name, sampled.Errors, tested.Errors));
    Predictions.Print("training dataset", model, train);
    Predictions.Print("test dataset", model, test);
}

File.WriteAllText("article-cnn.html", ErrorCurvePage.Render($"Convolutional network on {images.Name}, {options.Epochs} epochs", curves));
Console.WriteLine("The error curves are in article-cnn.html.");
