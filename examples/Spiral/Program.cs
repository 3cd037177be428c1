// The spiral network of a chapter on dropout (docs/results.md, "Spiral"): as printed there, where nothing reads what dropout puts out, and with dropout applied.
// dotnet run --project examples/Spiral -c Release -- [epochs] [seed] [--page FILE]
// With --page only the networks of 64 units, and one with NSDropout; they are shown as they learn, on a page that moves (docs/results.md, "The spiral, moving").
using System.Globalization;
using NsDropoutTorch;
using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using NsDropoutTorch.Examples;
using NsDropoutTorch.Experiments.Report;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

const int ShownUnits = 64;
NativeDefaults.Apply();
var page = Array.IndexOf(args, "--page") is var option and >= 0 ? args[option + 1] : null;
int[] numbers = [.. args.Where(argument => argument != "--page" && argument != page).Select(argument => int.Parse(argument, CultureInfo.InvariantCulture))];
var seed = numbers.ElementAtOrDefault(1);
var options = new TrainerOptions
{
    Epochs = numbers.Length > 0 ? numbers[0] : 10_001,
    BatchSize = null,
    Optimizer = parameters => optim.Adam(parameters, lr: 0.05, eps: 1e-7),
    Schedule = new InverseTimeDecay(5e-5),
    Penalties = [new("dense1") { WeightL2 = 5e-4, BiasL2 = 5e-4 }],
};

// The points as they are drawn, not standardised.
var spiral = Spiral.Generate(seed);
using var train = TensorData.From(spiral.Train);
using var test = TensorData.From(spiral.Test);

var table = new Table().AddColumns("units", "dropout", "train accuracy", "train loss", "validation accuracy", "validation loss");
var films = new List<TrainingFilm>();
foreach (var (units, p) in new[] { (64, 0), (64, 0.1), (512, 0), (512, 0.1) }.Where(network => page is null || network.Item1 == ShownUnits))
{
    Seeding.Seed(seed);
    using var model = SpiralNetwork.Create(units, p);
    Console.WriteLine($"{units} units, dropout {p}");
    using var recorder = page is not null ? new FilmRecorder(p == 0 ? "As printed: no dropout" : $"Dropout {p} applied", model, train, test) : null;
    var last = Trainer.Fit(model, train, validation: null, options, recorder is null ? [new LossLines(every: 1000)] : [new LossLines(every: 1000), recorder]).History[^1];
    if (recorder is not null) Show(recorder);
    var validation = Trainer.Evaluate(model, test);
    table.AddRow($"{units}", p == 0 ? "as printed" : "applied", $"{1 - last.TrainError:F3}", $"{last.TrainLoss + last.PenaltyLoss:F3}", $"{1 - validation.Error:F3}", $"{validation.Loss:F3}");
}

table.AddRow("64", "published", "0.915", "0.277", "0.910", "0.240").AddRow("512", "published", "0.859", "0.468", "0.857", "0.397");
AnsiConsole.Write(table);

if (page is not null)
{
    ShowNSDropout();
    SpiralPage.Write(page, films, spiral, seed);
}

void Show(FilmRecorder recorder)
{
    films.Add(recorder.Film);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"recorded {recorder.Film.Frames.Count} frames in {recorder.Taken.TotalSeconds:F1} s"));
}

// NSDropout compares with a fifth of the training points, which it does not learn from. The test points are given no label here either.
void ShowNSDropout()
{
    Seeding.Seed(seed);
    var (fit, statistics) = train.Split(share: 0.2, seed: 1);
    using (fit)
    using (statistics)
    {
        using var model = SpiralNetwork.Create(ShownUnits, nn.NSDropout(ShownUnits, 3, p: 0.1));
        using var recorder = new FilmRecorder("NSDropout 0.1", model, fit, test);
        Console.WriteLine("64 units, NSDropout 0.1");
        Trainer.Fit(model, fit, validation: null, options, [new LossLines(every: 1000), recorder], maskStatistics: statistics);
        Show(recorder);
    }
}
