using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>The operators are the oracle.</summary>
public sealed class HostErrorsTests
{
    // Few values, so that many are equal to others, and all that compares oddly.
    private static readonly float[] Odd = [0, -0f, 1, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(500, 2)]
    [InlineData(500, 7)]
    public void Count_AnyLogits_IsThatOfTheOperators(int rows, int classes)
    {
        using var scope = NewDisposeScope();
        var random = new Random(5);
        var logits = tensor(Enumerable.Range(0, rows * classes).Select(_ => Odd[random.Next(Odd.Length)]).ToArray()).view(rows, classes);
        var labels = randint(classes, rows, ScalarType.Int64);

        var errors = HostErrors.Count(logits, labels);

        Assert.Equal(HostErrors.CountByOperators(logits, labels).item<long>(), errors.item<long>());
        Assert.Equal(ScalarType.Int64, errors.dtype);
        Assert.Equal(0, errors.ndim);
    }

    [Fact]
    public void Count_LogitsThatItCannotRead_AreCountedByOperators()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (logits, labels) = (randn(6, 40), randint(6, 40, ScalarType.Int64));

        Assert.Equal(HostErrors.Count(logits.t().contiguous(), labels).item<long>(), HostErrors.Count(logits.t(), labels).item<long>());
        Assert.Equal(HostErrors.Count(logits.t().contiguous(), labels).item<long>(), HostErrors.Count(logits.t().to(ScalarType.Float64), labels).item<long>());
    }
}
