using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

/// <summary>What docs/results.md says of class masks that are chosen from few rows, at a small scale: which neurons either rule drops.</summary>
public sealed class MiniBatchMaskTests
{
    private const int Width = 128, Classes = 10;

    /// <summary>The largest gaps of few rows are those of neurons that these rows excite; the smallest are those of neurons that other rows excite, of whatever class.</summary>
    [Fact]
    public void KeepLargest_DropsWhatIsSilentInTheBatchAndActiveOtherwise()
    {
        var (largest, smallest) = (Train(keepLargest: false), Train(keepLargest: true));

        Assert.True(largest.Activation > 1.5 * smallest.Activation, $"{largest} {smallest}");
        Assert.True(smallest.Silent > 1.3 * largest.Silent, $"{largest} {smallest}");
        Assert.True(smallest.OfAllClasses > 1.5 * largest.OfAllClasses, $"{largest} {smallest}");
    }

    private static Dropped Train(bool keepLargest)
    {
        using var scope = NewDisposeScope();
        using var all = Digits.First(1500, 1).TrainTensors();
        var parts = all.Split(0.2, seed: 22);
        using var train = parts.Fit;
        using var heldOut = parts.HeldOut;
        manual_seed(22);
        var layer = nn.NSDropout(Width, Classes, 0.2, NSDropoutOptions.Reference with { EvalMode = EvalMode.Identity, KeepLargest = keepLargest });
        using var model = nn.Sequential(nn.Linear(64, Width), nn.ReLU(), layer, nn.Linear(Width, Width), nn.ReLU(), nn.Linear(Width, Classes));
        var steps = new List<Dropped>();
        layer.register_forward_hook((_, input, output) =>
        {
            if (layer.training && layer.mask_updates > 0) steps.Add(Of(layer, input));
            return output;
        });
        Trainer.Fit(model, train, null, new TrainerOptions { Epochs = 8, BatchSize = 64, Optimizer = parameters => optim.FusedAdam(parameters, 0.005) }, maskStatistics: heldOut);
        return new(steps.Average(step => step.Activation), steps.Average(step => step.Silent), steps.Average(step => step.OfAllClasses));
    }

    private static Dropped Of(NSDropout layer, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var masks = layer.class_masks.logical_not().to(ScalarType.Float32);
        var dropped = masks.index_select(0, LabelScope.Current!.For(input.size(0), Classes, input.device));
        var means = layer.validation_means.mean([0L], keepdim: true);
        return new(
            input.mul(dropped).sum().div(input.sum()).item<float>(),
            input.eq(0).mul(dropped).sum().div(dropped.sum()).item<float>(),
            means.mul(masks).sum().div(masks.sum()).div(means.mean()).item<float>());
    }

    /// <summary>What the masks of a step drop.</summary>
    /// <param name="Activation">Its share of the batch's sum of activations.</param>
    /// <param name="Silent">Its share of elements that are 0 in any case.</param>
    /// <param name="OfAllClasses">Mean validation activation, over all classes, of dropped neurons by that of all.</param>
    private sealed record Dropped(double Activation, double Silent, double OfAllClasses);
}
