// A forum's idea: patches with their locations are patterns, a table links patterns to larger ones, images and classes, and an image gets the class that is the fewest links away.
using System.Globalization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using PatternLinks;
using TorchSharp;
using static TorchSharp.torch;

NativeDefaults.Apply();
Seeding.Seed(1);
var digits = (ImageDataset)DatasetCatalog.Over().Load("optdigits");
using var train = digits.TrainTensors();
using var test = digits.TestTensors();
var labels = test.Labels.data<long>().ToArray();

foreach (var levels in new[] { 2, 4 })
{
    var table = new LinkTable(digits.NumClasses);
    table.Add(Levels(train, levels), train.Labels.data<long>().ToArray());
    Print($"fewest links, {levels} levels of grey", table.Nearest(Levels(test, levels)));
}

using var nearest = cdist(test.Inputs, train.Inputs).argmin(1);
Print("nearest neighbour", [.. train.Labels.index_select(0, nearest).data<long>().ToArray().Select(label => (int)label)]);

using var linear = nn.Sequential(("output", nn.Linear(test.Inputs.size(1), digits.NumClasses)));
Trainer.Fit(linear, train, validation: null, new TrainerOptions { Epochs = 60, BatchSize = 32 });
Print("linear model", [.. Trainer.Predict(linear, test.Inputs).argmax(1).data<long>().ToArray().Select(label => (int)label)]);

// Inputs are from -1 to 1.
Tensor Levels(TensorData data, int levels) => data.Inputs.add(1).mul(levels / 2.0).floor().clamp(0, levels - 1).to(ScalarType.Byte).reshape(-1, 1, 8, 8);

void Print(string what, int[] predicted) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {100.0 * predicted.Zip(labels).Count(pair => pair.First == pair.Second) / labels.Length:0.0} % of {labels.Length} test images"));
