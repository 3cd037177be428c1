using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

namespace RateSearch;

/// <summary>A part of the training set of a data set, drawn by a seed, and a network that learns it at one drop rate or another. Errors are fractions, of the weights after the last epoch.</summary>
internal sealed class RateTask : IDisposable
{
    private static readonly double[] Grid = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];
    private readonly TensorData train, test;
    private readonly int epochs;
    private readonly long seed;

    public RateTask(ImageDataset data, int samples, int epochs, long seed)
    {
        using var all = data.TrainTensors();
        var order = Enumerable.Range(0, (int)all.Count).Select(row => (long)row).ToArray();
        new Random((int)seed).Shuffle(order);
        train = all.Select(order[..Math.Min(samples, order.Length)]);
        (test, this.epochs, this.seed) = (data.TestTensors(), epochs, seed);
    }

    /// <summary>Test error of a network that was fitted to all samples at one rate.</summary>
    public double At(double p)
    {
        using var model = Network(p);
        Fit(model, train);
        return Trainer.Evaluate(model, test).Error;
    }

    /// <summary>Test errors at the rates of the grid, and that at the rate with the lowest error on a fifth that is held out, fitted again to all.</summary>
    public (IReadOnlyDictionary<double, double> Errors, double Tuned) OverGrid()
    {
        var (fit, heldOut) = train.Split(0.2, seed);
        using var first = fit;
        using var second = heldOut;
        var chosen = Grid.MinBy(p =>
        {
            using var model = Network(p);
            Fit(model, fit);
            return Trainer.Evaluate(model, heldOut).Error;
        });
        var errors = Grid.ToDictionary(p => p, At);
        return (errors, errors[chosen]);
    }

    /// <summary>Test error and rate where the rate is found in the same run.</summary>
    public (double Error, double Rate) Matched()
    {
        using var rate = new GapMatchedRate(train, seed: seed);
        using var model = Network(0.5);
        Trainer.Fit(model, new TrainingData(rate.Batches), Options, [rate]);
        return (Trainer.Evaluate(model, test).Error, rate.Rate);
    }

    public void Dispose()
    {
        train.Dispose();
        test.Dispose();
    }

    private TrainerOptions Options => new() { Epochs = epochs, BatchSize = 64, Seed = seed };

    private void Fit(nn.Module<Tensor, Tensor> model, TensorData data) => Trainer.Fit(model, data, validation: null, Options);

    private nn.Module<Tensor, Tensor> Network(double p)
    {
        Seeding.Seed(seed);
        return nn.Sequential(
            nn.Linear(train.Inputs.size(1), 128), nn.ReLU(), nn.FastDropout(p), nn.Linear(128, 128), nn.ReLU(), nn.FastDropout(p), nn.Linear(128, 10));
    }
}
