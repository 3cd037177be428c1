using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class ReferenceTrainingTests
{
    private const int Epochs = 30;
    private const long Seed = 22;

    /// <summary>The whole recipe (split, initialisation, loss, penalty, Adam, decay, full batch) against loops written from its description.</summary>
    [Fact]
    public void Run_ReferenceProtocol_FollowsTheNotebooksStepByStep()
    {
        var digits = Digits.First(50, 10);
        // A step, a penalty and a decay large enough to show within a few epochs.
        var settings = new ComparisonSettings
        {
            Dataset = "digits",
            Layers = ["none"],
            Seeds = [Seed],
            Epochs = Epochs,
            Hidden = [7, 5],
            LearningRate = 0.02,
            InitialStd = 0.1,
            FirstLayerL2 = 0.05,
            Decay = 0.01,
        };
        using var comparison = new Comparison(digits, settings, CPU);

        var history = comparison.Run()[0].History;

        var expected = Oracle(digits, settings);
        Assert.Equal(expected, history.Select(point => point.TrainLoss), new Relative(2e-5));
        Assert.True(expected[^1] < 0.8 * expected[0], "the loss hardly moved, so the comparison says little");
    }

    private static double[] Oracle(ImageDataset digits, ComparisonSettings settings)
    {
        var rows = new ReferenceProtocol().Split(digits.Train.Labels, Seed).Fit;
        double[][] inputs = [.. rows.Select(row => digits.Train.PixelsOf((int)row).ToArray().Select(x => (x - 8.0) / 8).ToArray())];
        int[] labels = [.. rows.Select(row => (int)digits.Train.Labels[row])];
        var oracle = InitialWeights(settings);
        return [.. Enumerable.Range(0, Epochs).Select(epoch => oracle.Epoch(
            inputs, labels, epoch, settings.LearningRate, settings.Decay, settings.AdamEps, settings.FirstLayerL2))];
    }

    private static ReferenceTrainingOracle InitialWeights(ComparisonSettings settings)
    {
        Seeding.Seed(Seed);
        using var model = Mlp.Build(new([64], 10, settings.Hidden, new(LayerSpecification.Parse("none"), [], 10, settings.P)));
        GaussianInitialization.Apply(model, settings.InitialStd!.Value);
        Linear[] layers = [.. model.modules().OfType<Linear>()];
        return new(
            [.. layers.Select(layer => layer.weight.data<float>().ToArray().Select(w => (double)w).Chunk((int)layer.weight.shape[1]).ToArray())],
            [.. layers.Select(layer => layer.bias!.data<float>().ToArray().Select(b => (double)b).ToArray())]);
    }

    private sealed class Relative(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance * Math.Abs(x);

        public int GetHashCode(double obj) => 0;
    }
}
