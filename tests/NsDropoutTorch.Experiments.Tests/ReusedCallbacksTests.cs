using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

/// <summary>A callback that has seen another run tells of the next what a fresh one tells.</summary>
public sealed class ReusedCallbacksTests
{
    [Fact]
    public void EpochSelection_AfterABetterRun_ChoosesAsAFreshOne()
    {
        using var data = Data(hopeless: false);
        using var hopeless = Data(hopeless: true);
        using var used = new EpochSelection(hopeless, withLabelMasks: true, new DivergenceWatch(1));
        using var fresh = new EpochSelection(hopeless, withLabelMasks: true, new DivergenceWatch(1));
        Fit(data, used);

        var (weights, again) = (Fit(hopeless, fresh), Fit(hopeless, used));

        Assert.Equal(fresh.Epoch, used.Epoch);
        Assert.Equal(fresh.LabelMaskErrors, used.LabelMaskErrors);
        Assert.Equal(weights, again);
    }

    [Fact]
    public void MaskRecorder_AfterAnotherRun_TellsOfTheLastAlone()
    {
        using var data = Data(hopeless: false);
        var (used, fresh) = (new MaskRecorder(4), new MaskRecorder(4));
        Fit(data, used);
        Fit(data, used);
        Fit(data, fresh);

        Assert.Equal(fresh.Masks!.Single().Snapshots.Select(snapshot => snapshot.Epoch), used.Masks!.Single().Snapshots.Select(snapshot => snapshot.Epoch));
        Assert.Equal(fresh.Masks!.Single().Replaced, used.Masks!.Single().Replaced);
    }

    [Fact]
    public void DivergenceWatch_AfterARunThatDiverged_FindsNothingInASoundOne()
    {
        using var data = Data(hopeless: false);
        using var broken = new TensorData(full([60, 8], double.NaN, dtype: ScalarType.Float32), data.Labels.clone());
        var watch = new DivergenceWatch(1);

        Fit(broken, watch);
        Assert.Equal(new Divergence(1, 0, "training loss"), watch.Found);
        Fit(data, watch);

        Assert.Null(watch.Found);
    }

    private static TensorData Data(bool hopeless)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var labels = randint(3, [60], dtype: ScalarType.Int64);
        return new(hopeless ? randn(60, 8) : nn.functional.one_hot(labels, 8) + (0.1 * randn(60, 8)), labels);
    }

    private static float[] Fit(TensorData data, Callback callback)
    {
        manual_seed(1);
        using var model = nn.Sequential(("hidden", nn.Linear(8, 16)), ("masks", nn.NSDropout(16, 3, 0.25)), ("output", nn.Linear(16, 3)));
        Trainer.Fit(model, data, data, new TrainerOptions { Epochs = 4, BatchSize = 20 }, [callback], maskStatistics: data);
        (callback as EpochSelection)?.Restore(model);
        return [.. model.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
    }
}
