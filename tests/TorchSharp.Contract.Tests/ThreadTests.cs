using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests;

public sealed class ThreadTests
{
    [Fact]
    public void NumberOfThreads_CanBeSet()
    {
        var before = get_num_threads();
        Assert.True(before >= 1);
        try
        {
            set_num_threads(1);
            Assert.Equal(1, get_num_threads());
            set_num_threads(2);
            Assert.Equal(2, get_num_threads());
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void Tensors_AreSharedBetweenThreads()
    {
        using var x = arange(100_000, dtype: ScalarType.Float64);
        var sums = new double[4];
        Parallel.For(0, sums.Length, i =>
        {
            using var scope = NewDisposeScope();
            for (var n = 0; n < 50; n++) sums[i] = (x * 2).sum().item<double>();
        });
        Assert.All(sums, sum => Assert.Equal(99_999.0 * 100_000, sum));
    }

    [Fact]
    public void DefaultType_CanBeSet()
    {
        Assert.Equal(ScalarType.Float32, get_default_dtype());
        try
        {
            set_default_dtype(ScalarType.Float64);
            using var x = zeros(1);
            Assert.Equal(ScalarType.Float64, x.dtype);
        }
        finally
        {
            set_default_dtype(ScalarType.Float32);
        }
    }
}
