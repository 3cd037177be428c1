#!/usr/bin/env dotnet
#:project ../../src/NsDropoutTorch.Experiments
#:property PublishAot=false

// %% [markdown]
// # Comparing layers
//
// The same network with each layer, over several seeds, on four disjoint parts of the data: fit, mask statistics, selection, test. No figure that decides anything needs a label
// of the part it is measured on.

// %%
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Report;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

NativeDefaults.Apply(); // before torch is touched
var digits = DatasetCatalog.Over().Load("optdigits"); // or "fashion-mnist", after `nsdropout data download fashion-mnist`
var settings = new ComparisonSettings
{
    Dataset = digits.Name,
    Protocol = Protocol.Holdout,
    Layers = ["none", "dropout", "nsdropout:label-free=true", "nsdropout"],
    Seeds = [1, 2, 3],
    Epochs = 20,
    BatchSize = 128,
    LearningRate = 0.002,
    Hidden = [128, 64],
};

// %% [markdown]
// Runs do not depend on each other: the same seed gives the same figures in any order.

// %%
var comparison = new Comparison(digits, settings, CPU);
var runs = comparison.Run();
var results = ComparisonResults.Of(RunEnvironment.Describe(digits, CPU, DateTimeOffset.UtcNow), settings, runs);
display(results);

// %% [markdown]
// Read the verdict with the length of the training in mind: a network that was trained for a short time, or in small batches, may not yet have learnt to read its masks.
//
// ## What the errors are made of
//
// Three seeds can never show a difference at the 5 % level: use ten, as `nsdropout compare --seeds 1..10` does. What one run took for what:

// %%
display(runs[0]);

// %% [markdown]
// ## Keeping the results
//
// The page is a pure function of the document, so either can be made again from the other's folder by `nsdropout report`.

// %%
var folder = System.IO.Directory.CreateTempSubdirectory("comparing-").FullName;
ResultsJson.Write(folder, results);
HtmlReport.Write(folder, results);
display(string.Join(" and ", System.IO.Directory.GetFiles(folder).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal)));
System.IO.Directory.Delete(folder, recursive: true);

// %% [app]
// In a notebook `display` shows pictures; here it prints the same values as text.
static void display(object value) => Console.WriteLine(value);
