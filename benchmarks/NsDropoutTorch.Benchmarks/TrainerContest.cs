using System.Diagnostics;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks;

/// <summary>
/// One epoch of an MLP 784–128–128–128–10 with Adam, by the trainer and by the loop one would write by hand with the same TorchSharp calls,
/// loss and error counted on the device in both. They take turns; each counts by its fastest epoch.
/// </summary>
internal sealed class TrainerContest(TensorData train, TensorData validation)
{
    private const int Rounds = 5;

    /// <summary>Samples per second of the hand-written loop and of the trainer.</summary>
    public (double ByHand, double Trainer) Run(int batchSize, Func<nn.Module<Tensor, Tensor>> layer)
    {
        double byHand = 0, trainer = 0;
        for (var round = 0; round < Rounds; round++)
        {
            byHand = Math.Max(byHand, SamplesPerSecond(layer, model => ByHand(model, batchSize)));
            trainer = Math.Max(trainer, SamplesPerSecond(layer, model => ByTrainer(model, batchSize)));
        }

        return (byHand, trainer);
    }

    private double SamplesPerSecond(Func<nn.Module<Tensor, Tensor>> layer, Action<nn.Module<Tensor, Tensor>> epoch)
    {
        Seeding.Seed(0);
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(
            nn.Linear(784, 128), nn.ReLU(), layer(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10));
        Capture(model);
        var started = Stopwatch.GetTimestamp();
        epoch(model);
        return train.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    // A layer that learns from validation activations is timed as it works from the second epoch on.
    private void Capture(nn.Module<Tensor, Tensor> model)
    {
        if (!ValidationCapture.IsNeededBy(model)) return;
        model.eval();
        using var noGradients = no_grad();
        using var capture = ValidationCapture.Begin(model);
        using var labels = LabelScope.Use(validation.Labels);
        model.call(validation.Inputs);
    }

    private void ByTrainer(nn.Module<Tensor, Tensor> model, int batchSize) =>
        Trainer.Fit(model, new TrainingData(train, validation, null), new TrainerOptions { Epochs = 1, BatchSize = batchSize });

    private void ByHand(nn.Module<Tensor, Tensor> model, int batchSize)
    {
        using var epoch = NewDisposeScope();
        using var optimizer = optim.Adam(model.parameters());
        var order = randperm(train.Count);
        var (loss, errors) = (zeros([], ScalarType.Float64), zeros([], ScalarType.Float64));
        model.train();
        for (long start = 0; start < train.Count; start += batchSize)
        {
            using var step = NewDisposeScope();
            var rows = order.narrow(0, start, Math.Min(batchSize, train.Count - start));
            var (inputs, labels) = (train.Inputs.index_select(0, rows), train.Labels.index_select(0, rows));
            using var scope = LabelScope.Use(labels);
            optimizer.zero_grad();
            var outputs = model.call(inputs);
            var batchLoss = nn.functional.cross_entropy(outputs, labels);
            batchLoss.backward();
            optimizer.step();
            using var noGradients = no_grad();
            loss.add_(batchLoss, alpha: rows.size(0));
            errors.add_(outputs.argmax(1).ne(labels).sum());
        }

        if (ValidationCapture.IsNeededBy(model)) Capture(model);
        _ = (loss.item<double>(), errors.item<double>());
    }
}
