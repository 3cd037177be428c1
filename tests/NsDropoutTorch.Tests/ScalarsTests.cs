using System.Runtime.CompilerServices;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public sealed class ScalarsTests
{
    [Fact]
    public void Of_AnyNumber_IsIt()
    {
        double[] floats = [0, -0.0, double.NaN, double.Epsilon, double.MaxValue, 1, -1, .. Enumerable.Range(2, 200).Select(i => 1.0 / i)];
        foreach (var number in floats.Concat(floats))
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(Scalars.Of(number).ToDouble()));
            Assert.Equal(ScalarType.Float64, Scalars.Of(number).Type);
        }

        foreach (var number in new[] { 0L, 1, -1, long.MaxValue, BitConverter.DoubleToInt64Bits(0.5) })
        {
            Assert.Equal(number, Scalars.Of(number).ToInt64());
            Assert.Equal(ScalarType.Int64, Scalars.Of(number).Type);
        }

        Assert.Equal(1, Scalars.One.ToInt64());
    }

    [Fact]
    public void Of_SameNumber_MakesOne()
    {
        Assert.Same(Scalars.Of(0.25), Scalars.Of(0.25));
        Assert.Same(Scalars.Of(7), Scalars.Of(7));
    }

    [Fact]
    public void Scalar_NothingRefersTo_LivesWhile63OthersAreAskedFor_AndNotForEver()
    {
        var made = Made(0.123);
        for (var i = 0; i < 63; i++)
            Assert.True(IsAlive(made, 1000.5 + i));
        Scalars.Of(5000.5);
        Collect();
        Assert.False(made.TryGetTarget(out _));

        static bool IsAlive(WeakReference<Scalar> scalar, double next)
        {
            Scalars.Of(next);
            Collect();
            return scalar.TryGetTarget(out _);
        }
    }

    [Fact]
    public async Task Of_ManyThreads_EachGetsItsNumbers()
    {
        var sums = await Task.WhenAll(Enumerable.Range(0, 8).Select(first => Task.Run(() => Enumerable.Range(0, 1000).Sum(i => Scalars.Of((first * 1000) + (i % 90)).ToInt64()))));
        Assert.Equal(Enumerable.Range(0, 8).Select(first => Enumerable.Range(0, 1000).Sum(i => (first * 1000L) + (i % 90))), sums);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 0.5)]
    [InlineData(ScalarType.BFloat16, 0.5)]
    [InlineData(ScalarType.Int64, -3)]
    [InlineData(ScalarType.Bool, 1)]
    public void Number_OfATensor_IsIt(ScalarType dtype, double number)
    {
        using var tensor = full([], number.ToScalar(), dtype);
        Assert.Equal(number, tensor.Number());
        Assert.True(tensor.IsTrue());
        using var zero = zeros([], dtype);
        Assert.Equal(0, zero.Number());
        Assert.False(zero.IsTrue());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Scalar> Made(double number) => new(Scalars.Of(number));

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
