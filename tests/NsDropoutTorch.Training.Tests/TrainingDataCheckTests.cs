using NsDropoutTorch.Data;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class TrainingDataCheckTests
{
    [Fact]
    public void Fit_EmptyPart_SaysWhich()
    {
        using var train = Models.Clouds(8, 1);
        using var empty = new TensorData(zeros(0, 4), zeros([0], dtype: ScalarType.Int64));
        using var model = Models.Mlp();

        var e = Assert.Throws<ArgumentException>(() => Trainer.Fit(model, new TrainingData(train, null, empty), new TrainerOptions()));

        Assert.Equal("the selection part must hold at least one sample and as many labels as inputs, but got 0 inputs and 0 labels.", e.Message);
    }

    [Fact]
    public void Fit_ModelWithoutParameters_SaysHowLayersAreRegistered()
    {
        using var train = Models.Clouds(8, 1);
        using var layer = nn.Linear(4, 3);
        using var list = nn.ModuleList<nn.Module>(layer);

        Broken.Says(
            "a model must have parameters to be trained, but ModuleList has none; where layers are in its fields, call RegisterComponents() at the end of its constructor; "
            + "a ModuleList alone has none, so put it into a field of a module.",
            () => Trainer.Fit(list, BatchSource.FromTensors(train.Inputs, train.Labels), batch => nn.functional.cross_entropy(layer.call(batch[0]), batch[1]), new()));
    }

    [Fact]
    public void Evaluate_NoSamples_SaysTheRule()
    {
        using var empty = new TensorData(zeros(0, 4), zeros([0], dtype: ScalarType.Int64));
        using var model = Models.Mlp();

        Broken.Says("data to measure on must hold at least one sample, but got none.", () => Trainer.Evaluate(model, empty));
        Broken.Says("data to measure on must hold at least one sample, but got none.", () => Trainer.Evaluate(model, empty, [new Accuracy()]));
        Broken.Says("a sequence to measure on must have at least one batch, but got none.", () => Trainer.Evaluate(model, [], [new Accuracy()]));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Predict_NoSamples_GivesNoRowsOfTheModelsShapeAndDtype(ScalarType dtype)
    {
        using var empty = new TensorData(zeros([0, 4], dtype: dtype), zeros([0], dtype: ScalarType.Int64));
        using var model = Models.Mlp(nn.Sequential(nn.BatchNorm1d(16), nn.NSDropout(16, 3, 0.2))).to(dtype);

        using var fromInputs = Trainer.Predict(model, empty.Inputs);
        using var fromData = Trainer.Predict(model, empty);

        Assert.Equal([0, 3], fromInputs.shape);
        Assert.Equal([0, 3], fromData.shape);
        Assert.Equal((dtype, dtype), (fromInputs.dtype, fromData.dtype));
        Assert.True(model.training);
    }

    [Fact]
    public void Predict_NoSamplesAndAModelThatCannotMapNone_SaysTheRule()
    {
        using var none = zeros(0, 4);
        using var model = new Standardizing();

        Broken.Says(
            "inputs must hold at least one row for this model, which cannot map an empty batch, but got none (a mean needs rows).", () => Trainer.Predict(model, none));
    }

    private sealed class Standardizing() : nn.Module<Tensor, Tensor>(nameof(Standardizing))
    {
        public override Tensor forward(Tensor input) => input.shape[0] == 0 ? throw new InvalidOperationException("a mean needs rows.") : input - input.mean([0]);
    }
}
