using NsDropoutTorch.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>The operators are the oracle.</summary>
public sealed class HostVectorsTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly int threadsBefore = get_num_threads();

    public static TheoryData<int, int> Lengths => new() { { 1, 1 }, { 7, 1 }, { 4096, 1 }, { 4097, 1 }, { 200_003, 1 }, { 200_003, 2 } };

    [Theory, MemberData(nameof(Lengths))]
    public void Blend_HasTheBitsOfTheOperators(int length, int threads)
    {
        var (average, value) = Two(length, threads);
        var expected = average.clone().mul_(0.99).add_(value, alpha: 0.01);

        HostVectors.Blend(average, (float)0.99, value, (float)0.01);

        Assert.Equal(Values(expected), Values(average));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Blend_OfZerosForLong_FadesToZeroWhereOperatorsGoOnWithDenormals(int length, int threads)
    {
        var (average, _) = Two(length, threads);
        var (byOperators, value) = (average.clone(), zeros(length));

        for (var i = 0; i < 250; i++)
        {
            HostVectors.Blend(average, 0.6f, value, 0.4f);
            byOperators.mul_(0.6f).add_(value, alpha: 0.4f);
        }

        Assert.Contains(Values(byOperators), number => float.IsSubnormal(number));
        Assert.All(Values(average), number => Assert.Equal(0, number));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Multiply_HasTheBitsOfTheOperator(int length, int threads)
    {
        var (tensor, _) = Two(length, threads);
        var expected = tensor.mul(0.3f);

        HostVectors.Multiply(tensor, 0.3f);

        Assert.Equal(Values(expected), Values(tensor));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void SumOfSquares_IsThatInDoublePrecision_WithTheSameBitsForAnyThreads(int length, int threads)
    {
        var (tensor, _) = Two(length, threads);

        var sum = HostVectors.SumOfSquares(tensor);

        Assert.Equal(tensor.to(ScalarType.Float64).square().sum().ToDouble(), sum, 1e-6 * sum);
        set_num_threads(1);
        Assert.Equal(HostVectors.SumOfSquares(tensor), sum);
    }

    [Fact]
    public void Reaches_OthersThanDenseSingleNumbersOfTheHost_IsFalse()
    {
        Assert.True(HostVectors.Reaches(zeros(3, 4)));
        Assert.False(HostVectors.Reaches(zeros(3, 4).t()));
        Assert.False(HostVectors.Reaches(zeros(3, ScalarType.Float64)));
        Assert.False(HostVectors.Reaches(zeros(3, device: new Device(DeviceType.META))));
    }

    public void Dispose()
    {
        set_num_threads(threadsBefore);
        scope.Dispose();
    }

    private static (Tensor, Tensor) Two(int length, int threads)
    {
        manual_seed(3);
        set_num_threads(threads);
        return (randn(length), randn(length));
    }

    private static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();
}
