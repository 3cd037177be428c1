// The spiral network of a chapter on dropout (docs/results.md, "Spiral"): as printed there, where nothing reads what dropout puts out, and with dropout applied.
// dotnet run --project examples/Spiral -c Release -- [epochs] [seed]
using System.Globalization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using NsDropoutTorch.Examples;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

NativeDefaults.Apply();
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 0;
var options = new TrainerOptions
{
    Epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_001,
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
foreach (var (units, p) in new[] { (64, 0), (64, 0.1), (512, 0), (512, 0.1) })
{
    Seeding.Seed(seed);
    using var model = SpiralNetwork.Create(units, p);
    Console.WriteLine($"{units} units, dropout {p}");
    var last = Trainer.Fit(model, train, validation: null, options, [new LossLines(every: 1000)]).History[^1];
    var validation = Trainer.Evaluate(model, test);
    table.AddRow($"{units}", p == 0 ? "as printed" : "applied", $"{1 - last.TrainError:F3}", $"{last.TrainLoss + last.PenaltyLoss:F3}", $"{1 - validation.Error:F3}", $"{validation.Loss:F3}");
}

table.AddRow("64", "published", "0.915", "0.277", "0.910", "0.240").AddRow("512", "published", "0.859", "0.468", "0.857", "0.397");
AnsiConsole.Write(table);
