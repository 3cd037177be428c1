// Why does accuracy fall for dozens of epochs, as NSDropout's author asks? Trains by the notebooks' recipe with and without what is suspected, counts prolonged drops, and looks at the steps before them.
// dotnet run --project examples/SuddenDrops -c Release [-- --full | DATA SEEDS EPOCHS VARIANT…] [--sharpness]
// dotnet run --project examples/SuddenDrops -c Release -- --pictures, which draws the two pictures of docs/results.md and trains nothing else
using System.Globalization;
using NsDropoutTorch.Training;
using SuddenDrops;
using TorchSharp;

const string Sharp = "--sharpness";
NativeDefaults.Apply();
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
torch.set_num_threads(1);
if (args is ["--pictures"])
{
    File.WriteAllText("sudden-drops.svg", CurvePicture.Of(PicturedRow.Train(PicturedRow.Curves)));
    File.WriteAllText("sudden-drops-open-points.svg", BarPicture.Of(PicturedRow.Train(PicturedRow.Bars)));
    return;
}

var measuresSharpness = args.Contains(Sharp, StringComparer.Ordinal);
using var epochs = new StreamWriter("sudden-drops.csv");
epochs.WriteLine("data,variant,seed,epochIndex,accuracyLabelMask,accuracy,trainLoss,gradientNorm,relativeUpdate,rootSecondMoment,flipped,masksAlike,stability");

foreach (var (number, plan) in Plan.Read([.. args.Where(argument => argument != Sharp)]).Index())
{
    using var samples = Samples.Load(plan.Data);
    var lab = new DropLab(samples, plan.Epochs);
    Console.WriteLine($"{plan.Title} {plan.Data}, seeds {plan.Seeds.First} to {plan.Seeds.Last}, {plan.Epochs} epochs; drops of {Drop.LeastDepth:P0} for {Drop.LeastLength} epochs that begin after epoch {plan.From}");
    Console.WriteLine(DropTable.Heading);
    var panels = new List<TitledRuns>();
    foreach (var variant in plan.Variants.Select(Variant.Parse))
    {
        var runs = lab.Train(variant, plan.Seeds, measuresSharpness);
        var table = new DropTable(runs, plan.From);
        Console.WriteLine(table);
        if (table.BeforeDrops() is { } before) Console.WriteLine(before);
        foreach (var run in runs) Write(plan.Data, run);
        panels.Add(new(variant.Text, runs));
    }

    File.WriteAllText($"sudden-drops-{number + 1}.svg", CurvePicture.Of(panels));
}

Console.WriteLine("sudden-drops.csv has every epoch, sudden-drops-1.svg and the following show the curves.");

void Write(string data, DropRun run)
{
    foreach (var (i, epoch) in run.Epochs.Index())
    {
        var step = epoch.Step;
        epochs.WriteLine($"{data},{run.Variant.Text.Replace(',', ';')},{run.Seed},{i},{epoch.Accuracy:0.####},{epoch.LabelFree:0.####},{epoch.Loss:G4},{step.GradientNorm:G4},{step.RelativeUpdate:G4},{step.Divisor:G4},{step.Flipped:G4},{step.MasksAgree:G4},{step.Stability:G4}");
    }
}
