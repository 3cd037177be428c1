// A plain TorchSharp Sequential with NSDropout: trained on handwritten digits of the repository, evaluated, saved and loaded; and beside it the published form, which leaks.
using NsDropoutTorch;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

NativeDefaults.Apply();
// A fifth of the training part is held out: what it activates is what NSDropout compares with. The test part only scores.
var digits = (ImageDataset)DatasetCatalog.Over().Load("optdigits");
using var all = digits.TrainTensors();
var (train, statistics) = all.Split(share: 0.2, seed: 1);
using var test = digits.TestTensors();
var options = new TrainerOptions { Epochs = 60, BatchSize = null, Optimizer = parameters => optim.Adam(parameters, lr: 0.005) };
var progress = new ProgressLog(Console.Out, "quick start");
Seeding.Seed(1);

#region five
using var dropout = nn.NSDropout(num_features: 64, num_classes: 10, p: 0.2, NSDropoutOptions.LabelFree);
using var model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), dropout, nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10));
Trainer.Fit(model, train, validation: null, options, [progress], maskStatistics: statistics);
Console.WriteLine($"test error:                                       {Trainer.Evaluate(model, test).Error:P1}");
model.save("quickstart.dat");
#endregion

using var loaded = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.NSDropout(64, 10, p: 0.2, NSDropoutOptions.LabelFree), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10));
loaded.load("quickstart.dat");
Console.WriteLine($"loaded again:                                     {Trainer.Evaluate(loaded, test).Error:P1}");

Seeding.Seed(1);
using var published = nn.NSDropout(64, 10, p: 0.5);
using var leaking = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), published, nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10));
Trainer.Fit(leaking, train, validation: null, options, maskStatistics: statistics);
Console.WriteLine($"a mask for each class, as published, label-free:  {Trainer.Evaluate(leaking, test).Error:P1}");
published.EvalMode = EvalMode.LabelMask;
Console.WriteLine($"the same network, masks of the true labels:       {Trainer.Evaluate(leaking, test).Error:P1}  (this leaks)");
