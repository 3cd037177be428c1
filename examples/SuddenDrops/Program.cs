// Why does accuracy fall for dozens of epochs? Trains by the notebooks' recipe with and without what is suspected, counts prolonged drops, and looks at the steps before them.
// dotnet run --project examples/SuddenDrops -c Release [-- DATASET SEEDS EPOCHS VARIANT…]
using System.Globalization;
using NsDropoutTorch.Training;
using SuddenDrops;
using TorchSharp;

NativeDefaults.Apply();
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
torch.set_num_threads(1);
var sharp = args.Contains("--sharpness");
args = [.. args.Where(a => a != "--sharpness")];
var name = args.ElementAtOrDefault(0) ?? "optdigits";
var range = (args.ElementAtOrDefault(1) ?? "22..23").Split("..").Select(int.Parse).ToArray();
var seeds = range[1] - range[0] + 1;
var epochs = args.Length > 2 ? int.Parse(args[2]) : 40;
var variants = args.Length > 3 ? args[3..] : ["none", "dropout", "nsdropout"];
using var samples = Samples.Load(name);
var lab = new DropLab(samples.Train, samples.Test, samples.Classes, epochs);
using var csv = new StreamWriter(Environment.GetEnvironmentVariable("DROPS_CSV") ?? "sudden-drops.csv", append: true);
foreach (var text in variants)
{
    var runs = new List<DropRun>();
    var clock = System.Diagnostics.Stopwatch.StartNew();
    for (var seed = range[0]; seed <= range[1]; seed++)
    {
        var run = lab.Train(Variant.Parse(text), seed, sharp);
        runs.Add(run);
        foreach (var (i, e) in run.Epochs.Index()) csv.WriteLine($"{name},{text.Replace(',', ';')},{seed},{i},{e.Accuracy:0.####},{e.LabelFree:0.####},{e.Loss:G4},{e.Step.GradientNorm:G4},{e.Step.RelativeUpdate:G4},{e.Step.Divisor:G4},{e.Step.Flipped:G3},{e.Step.MasksAgree:G3},{e.Step.Stability:G4}");
        csv.Flush();
    }
    var drops = runs.Select(r => Drop.In(r.Accuracy)).ToList();
    Console.WriteLine($"{name,-10} {text,-36} drops {string.Join(' ', drops.Select(d => d.Count))} | epochs in drops {drops.Average(d => d.Sum(x => x.Length)):0.0} deepest {drops.SelectMany(d => d).Select(d => d.Depth).DefaultIfEmpty(0).Max():P1} first {string.Join(' ', drops.Select(d => d.Count == 0 ? "-" : $"{d[0].Start}+{d[0].Length}"))} | best acc {runs.Average(r => r.Accuracy.Max()):P1} test err {runs.Average(r => r.TestError):P1} label-mask {runs.Average(r => r.TestErrorLabelMask):P1} flips {runs.Average(r => r.Epochs.Skip(1).Average(e => e.Step.Flipped)):P2} agree {runs.Average(r => r.Epochs[^1].Step.MasksAgree):P0} {clock.Elapsed.TotalSeconds / seeds:0.0} s/run");
}
