#!/usr/bin/env dotnet
#:project ../../src/NsDropoutTorch.Experiments
#:property PublishAot=false

// %% [markdown]
// # Quick start
//
// A plain TorchSharp model with NSDropout: trained, looked at, scored, saved and loaded; then the published form of the layer, and why its figures are no scores. The data, handwritten digits of
// 8 by 8 pixels, is part of the repository.
//
// Some images of the training part are held out: what they activate is what NSDropout compares with. The test part only scores.

// %%
using NsDropoutTorch;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

NativeDefaults.Apply(); // before torch is touched
var digits = (ImageDataset)DatasetCatalog.Over().Load("optdigits");
var (trainingPart, statistics) = digits.TrainTensors().Split(share: 0.2, seed: 1); // whose activations NSDropout compares with
var (train, validation) = trainingPart.Split(share: 0.2, seed: 2); // what scores each epoch
var test = digits.TestTensors();

// %% [markdown]
// ## The model
//
// The layer sits in a `Sequential` like any other. It needs to know the number of its neurons and of the classes. `LabelFree` is the form to use: each sample's mask is drawn afresh, as in dropout,
// and neurons that are more active in training than on held-out images are dropped more often. No label is read.

// %%
Seeding.Seed(1);
var dropout = nn.NSDropout(64, 10, p: 0.2, NSDropoutOptions.LabelFree);
var model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), dropout, nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10));

// %% [markdown]
// ## Training
//
// After each epoch the trainer shows the layer its activations on the part for mask statistics. Validation and test part only score.

// %%
var options = new TrainerOptions { Epochs = 60, BatchSize = null, Optimizer = parameters => optim.Adam(parameters, lr: 0.005) };
var fit = Trainer.Fit(model, train, validation, options, maskStatistics: statistics);
display(fit);

// %% [markdown]
// These are the rates at which the layer has come to drop its neurons:

// %%
display(dropout);

// %% [markdown]
// ## Scores
//
// In evaluation the layer passes its input on, as dropout does.

// %%
var error = Trainer.Evaluate(model, test).Error;
display($"test error: {error:P1}");

// %%
var confusion = new ConfusionMatrix(10);
Trainer.Evaluate(model, test, [confusion]);
display(confusion);

// %%
display(ClassificationReport.Of(confusion.Value, digits.ClassNames));

// %% [markdown]
// ## Saving and loading
//
// The rates are a buffer: they travel with the weights.

// %%
var file = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName());
model.save(file);
var loaded = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.NSDropout(64, 10, p: 0.2, NSDropoutOptions.LabelFree), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10));
loaded.load(file);
System.IO.File.Delete(file);
display($"loaded again: {Trainer.Evaluate(loaded, test).Error:P1}");

// %% [markdown]
// ## The published form
//
// As published, the layer has a fixed mask for each class, chosen by labels. The training error is measured while it sees the labels, so a low one is no achievement.

// %%
Seeding.Seed(1);
var published = nn.NSDropout(64, 10, p: 0.5);
var leaking = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), published, nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10));
Trainer.Fit(leaking, train, validation, options, maskStatistics: statistics);
display(published);

// %% [markdown]
// With the mask of each sample's *true* label, as in the published figures, its error looks wonderful: **that leaks the answer**. The network reads the class off the mask, and without one it is lost.

// %%
var labelFree = Trainer.Evaluate(leaking, test).Error;
published.EvalMode = EvalMode.LabelMask;
var labelMask = Trainer.Evaluate(leaking, test).Error;
published.EvalMode = EvalMode.Identity;
display($"test error, no label used: {labelFree:P1}; masks of the true labels: {labelMask:P1} (this leaks)");

// %% [app]
// In a notebook `display` shows pictures; here it prints the same values as text.
static void display(object value) => Console.WriteLine(value);
