// A plain TorchSharp Sequential with NSDropout: trained, evaluated, saved and loaded. The data is drawn in code.
using NsDropoutTorch;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Data;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

NativeDefaults.Apply();
var digits = SyntheticDigits.Generate(seed: 1, trainCount: 8_000, testCount: 2_000);
using var train = digits.TrainTensors();
using var test = digits.TestTensors();
var options = new TrainerOptions { Epochs = 60, BatchSize = null, Optimizer = parameters => optim.Adam(parameters, lr: 0.005) };
var progress = new ConsoleProgress(AnsiConsole.Console, "quick start");
Seeding.Seed(1);

#region five
using var dropout = nn.NSDropout(numFeatures: 128, numClasses: 10, p: 0.2);
using var model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), dropout, nn.Linear(128, 10));
Trainer.Fit(model, train, validation: test, options, [progress]);
Console.WriteLine($"test error, no label used:             {Trainer.Evaluate(model, test).Error:P1}");
model.save("quickstart.dat");
#endregion

dropout.EvalMode = EvalMode.LabelMask;
Console.WriteLine($"test error, masks of the true labels:  {Trainer.Evaluate(model, test).Error:P1}  (this leaks)");

using var loaded = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.NSDropout(128, 10, p: 0.2), nn.Linear(128, 10));
loaded.load("quickstart.dat");
Console.WriteLine($"loaded again, no label used:           {Trainer.Evaluate(loaded, test).Error:P1}");
