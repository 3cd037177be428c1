using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Of_SmallExample_CountsByTrueThenPredictedClass()
    {
        using var labels = tensor(new long[] { 0, 0, 1, 2, 2, 2 });
        using var predictions = tensor(new long[] { 0, 1, 1, 2, 0, 0 });

        var confusion = ConfusionMatrix.Of(predictions, labels, 4);

        Assert.Equal([[1, 1, 0, 0], [0, 1, 0, 0], [2, 0, 1, 0], [0, 0, 0, 0]], confusion);
        Assert.Equal(3 / 6.0, ConfusionMatrix.Error(confusion));
    }
}
