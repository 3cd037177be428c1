using NsDropoutTorch.Training.Data;
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
}
