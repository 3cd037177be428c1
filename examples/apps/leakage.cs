#!/usr/bin/env dotnet
#:project ../../src/NsDropoutTorch.Experiments
#:property PublishAot=false

// %% [markdown]
// # Reproducing NSDropout, and seeing the leakage
//
// The published test errors of NSDropout are close to zero. Here the published layer is trained, its figure is reproduced, and then the same network is asked again without
// the labels. The digits, 8 by 8 pixels each, are part of the repository; with MNIST and 180 epochs the figures are those of the project's README.

// %%
using NsDropoutTorch;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

NativeDefaults.Apply(); // before torch is touched
var digits = (ImageDataset)DatasetCatalog.Over().Load("optdigits");
var (train, validation) = digits.TrainTensors().Split(share: 0.2, seed: 1);
var test = digits.TestTensors();

// %% [markdown]
// ## Training as published
//
// `NSDropoutOptions.Reference` is the published layer in every detail. Its "inference" applies the mask of each sample's true label, so the errors that it selects by, dashed or
// not, are measured with the answer in hand. One part serves as mask statistics and as validation set, as published; the test part serves for neither. A drop rate of 0.5 in place of the published 0.2 makes the effect plain within seconds on so small a set.

// %%
Seeding.Seed(22);
var dropout = new NSDropout(128, 10, p: 0.5, NSDropoutOptions.Reference);
var model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), dropout, nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10));
var fit = Trainer.Fit(model, train, validation, new TrainerOptions { Epochs = 60, BatchSize = null, Optimizer = parameters => optim.Adam(parameters, lr: 0.005) }, maskStatistics: validation);
display(fit);

// %% [markdown]
// ## The same network, asked in three ways

// %%
double ErrorIn(EvalMode mode)
{
    dropout.EvalMode = mode;
    return Trainer.Evaluate(model, test).Error;
}

var labelMask = ErrorIn(EvalMode.LabelMask);
var meanMask = ErrorIn(EvalMode.MeanMask);
var labelFree = ErrorIn(EvalMode.Identity);
display($"masks of the true labels: {labelMask:P1}; mean of the masks: {meanMask:P1}; no mask, no label: {labelFree:P1}");

// %% [markdown]
// ## Where does the answer come from?
//
// If the network looked at the digits, it would not matter much whose mask is applied. So give each image the mask of a *random* label, and count how often the answer is that label.
// Chance is one in ten.

// %%
var randomLabels = randint(10, [test.Count], dtype: ScalarType.Int64);
dropout.EvalMode = EvalMode.LabelMask;
var following = 1 - Trainer.Evaluate(model, new TensorData(test.Inputs.alias(), randomLabels)).Error;
display($"answers that are the label of the mask: {following:P1}");

// %% [markdown]
// The network reads the class off the mask. A score with masks of the true labels is no measure of generalisation.
//
// ## The audit
//
// `Comparison` does all of this for every layer that reads labels, and trains a control on shuffled labels besides, from which nothing can be learnt. What its label masks still
// "score" is owed to the leak alone.

// %%
var settings = new ComparisonSettings { Dataset = digits.Name, Layers = ["dropout", "nsdropout"], Epochs = 80 };
var comparison = new Comparison(digits, settings, CPU);
var results = ComparisonResults.Of(RunEnvironment.Describe(digits, CPU, DateTimeOffset.UtcNow), settings, comparison.Run());
display(results);

// %% [markdown]
// One run of it: the dashed curve is the one that leaks.

// %%
display(results.Runs[^1]);

// %% [app]
// In a notebook `display` shows pictures; here it prints the same values as text.
static void display(object value) => Console.WriteLine(value);
