// A network that has seen eight of ten digits: on which images should it not be trusted? Dropout stays on, and many passes show where they disagree.
using System.Globalization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Experiments.Report;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using Uncertainty;
using static TorchSharp.torch;

const int Seen = 8;
NativeDefaults.Apply();
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var seed = args is [var first, ..] ? long.Parse(first, CultureInfo.InvariantCulture) : 1;
Seeding.Seed(seed);

// Digits 8 and 9 are not learned. A fifth of the others is held out, to choose the temperature and how sure is sure enough; the test part only scores.
var digits = (ImageDataset)DatasetCatalog.Over().Load("optdigits");
using var all = digits.TrainTensors();
using var learnable = all.Select(all.Labels.lt(Seen).nonzero().flatten());
var (fit, heldOut) = learnable.Split(share: 0.2, seed);
using var test = digits.TestTensors();

using var model = nn.Sequential(
    nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, Seen));
Trainer.Fit(model, fit, validation: null, new TrainerOptions { Epochs = 40, BatchSize = 32 });

#region predict
var options = new MonteCarloOptions { Seed = seed };
using var prediction = MonteCarlo.Predict(model, test.Inputs, samples: 100, options);
using var answers = prediction.Mean.argmax(1);
var doubt = prediction.MutualInformation;
#endregion

using var once = Trainer.Predict(model, test.Inputs);
using var probabilities = once.softmax(1);
using var onceHeldOut = Trainer.Predict(model, heldOut.Inputs);
using var sampledHeldOut = MonteCarlo.Predict(model, heldOut.Inputs, samples: 100, options);
var scores = new ScoreTable(test.Labels, Seen);
scores.Print("one pass, entropy", Entropy(probabilities), once.argmax(1), Entropy(onceHeldOut.softmax(1)));
scores.Print("100 samples, predictive entropy", prediction.PredictiveEntropy, answers, sampledHeldOut.PredictiveEntropy);
scores.Print("100 samples, mutual information", prediction.MutualInformation, answers, sampledHeldOut.MutualInformation);
scores.Print("100 samples, variance", prediction.Variance.sum(1), answers, sampledHeldOut.Variance.sum(1));

#region calibration
var temperature = TemperatureScaling.Fit(onceHeldOut, heldOut.Labels);
var (single, scaled, sampled) = (new CalibrationError(bins: 10), new CalibrationError(bins: 10, temperature), new CalibrationError(bins: 10));
#endregion

using var known = test.Labels.lt(Seen).nonzero().flatten();
using var knownLabels = test.Labels.index_select(0, known);
var diagrams = new List<string>();
Calibrate("one pass", single, once);
Calibrate($"one pass, temperature {temperature:0.00}", scaled, once);
Calibrate("100 samples", sampled, prediction.Mean.log());

var page = new DoubtPage(digits.Test, answers, doubt);
File.WriteAllText("uncertainty.html", page.Render(diagrams, count: 24));
Console.WriteLine("uncertainty.html shows the reliability diagrams and the 24 images that the samples disagree on most.");

static Tensor Entropy(Tensor p) => -p.xlogy(p).sum(1);

void Calibrate(string name, CalibrationError error, Tensor logits)
{
    using var scope = NewDisposeScope();
    error.Begin(CPU);
    error.Add(logits.index_select(0, known), knownLabels);
    error.End();
    Console.WriteLine($"calibration on digits seen, {name}: ECE {100 * error.Value:0.00} %");
    diagrams.Add($"<h2>{name}</h2>{NotebookFormatters.HtmlOf(error)}");
}
