#!/usr/bin/env dotnet
#:project ../../src/NsDropoutTorch.Experiments
#:property PublishAot=false

// %% [markdown]
// # Quick start
//
// A plain TorchSharp model with NSDropout: trained, looked at, scored, saved and loaded. The data, handwritten digits of 8 by 8 pixels, is part of the repository.
//
// The last images of the training part are held out: what they activate is what NSDropout compares with. The test part only scores.

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
var (trainingPart, statistics) = digits.TrainTensors().Split(share: 0.2, seed: 1); // by their labels NSDropout chooses masks
var (train, validation) = trainingPart.Split(share: 0.2, seed: 2); // what scores each epoch
var test = digits.TestTensors();

// %% [markdown]
// ## The model
//
// The layer sits in a `Sequential` like any other. It needs to know the number of its neurons and of the classes.

// %%
Seeding.Seed(1);
var dropout = nn.NSDropout(64, 10, p: 0.5);
var model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), dropout, nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10));

// %% [markdown]
// ## Training
//
// The trainer hands the labels of each batch and, after each epoch, activations on the part for mask statistics to whatever layer asks for them. The labels of that part choose masks, so it is
// training data; validation and test part only score.

// %%
var options = new TrainerOptions { Epochs = 60, BatchSize = null, Optimizer = parameters => optim.Adam(parameters, lr: 0.005) };
var fit = Trainer.Fit(model, train, validation, options, maskStatistics: statistics);
display(fit);

// %% [markdown]
// The training error is measured while the layer sees the labels, so a low one is no achievement. These are the masks it has made, one for each class:

// %%
display(dropout);

// %% [markdown]
// ## Scores
//
// Evaluation uses no label unless asked for it. With the mask of each sample's *true* label, as in the published figures, the error looks far better: **that leaks the answer**.

// %%
var labelFree = Trainer.Evaluate(model, test).Error;
dropout.EvalMode = EvalMode.LabelMask;
var labelMask = Trainer.Evaluate(model, test).Error;
dropout.EvalMode = EvalMode.Identity;
display($"test error, no label used: {labelFree:P1}; masks of the true labels: {labelMask:P1} (this leaks)");

// %%
var confusion = new ConfusionMatrix(10);
Trainer.Evaluate(model, test, [confusion]);
display(confusion);

// %%
display(ClassificationReport.Of(confusion.Value, digits.ClassNames));

// %% [markdown]
// ## Saving and loading
//
// The masks are buffers: they travel with the weights.

// %%
var file = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName());
model.save(file);
var loaded = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.NSDropout(64, 10, p: 0.5), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10));
loaded.load(file);
System.IO.File.Delete(file);
display($"loaded again, no label used: {Trainer.Evaluate(loaded, test).Error:P1}");

// %% [app]
// In a notebook `display` shows pictures; here it prints the same values as text.
static void display(object value) => Console.WriteLine(value);
