using NsDropoutTorch.Training.Metrics;

namespace NsDropoutTorch.Training.Tests;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Error_SmallExample_IsThePartOffTheDiagonal() =>
        Assert.Equal(3 / 6.0, ConfusionMatrix.Error([[1, 1, 0, 0], [0, 1, 0, 0], [2, 0, 1, 0], [0, 0, 0, 0]]));
}
