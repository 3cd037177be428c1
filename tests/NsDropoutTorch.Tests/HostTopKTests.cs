using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public sealed class HostTopKTests
{
    // Few values, so that most are equal to others, and all that compares oddly.
    private static readonly double[] Odd =
        [0, -0.0, 1, -1, 0.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, float.Epsilon, -float.Epsilon, float.MaxValue, -float.MaxValue];

    // One row after another begins where the row before ended, so they differ by many octaves; and many neurons never fire.
    private static readonly Func<Random, double>[] Kinds =
    [
        random => random.NextSingle() - 0.5f,
        random => Odd[random.Next(Odd.Length)],
        random => random.Next(3) == 0 ? random.NextSingle() - 0.5f : 0,
        random => (random.NextSingle() - 0.1f) * 1e-30f,
        random => random.NextSingle() * 1e30f,
        random => -random.NextSingle(),
        random => (float)Math.ScaleB(random.NextDouble() - 0.5, random.Next(-140, 120)),
        _ => -0.25,
    ];

    [Theory]
    [InlineData(ScalarType.Float32, false)]
    [InlineData(ScalarType.Float32, true)]
    [InlineData(ScalarType.Float64, false)]
    [InlineData(ScalarType.Float64, true)]
    public void DropMask_AnyGaps_IsThatOfAStableSort(ScalarType dtype, bool keepLargest)
    {
        var random = new Random(3);
        for (var width = 1; width < 70; width++)
        {
            using var scope = NewDisposeScope();
            var gaps = new double[Kinds.Length, width];
            for (var i = 0; i < gaps.Length; i++)
                gaps[i / width, i % width] = Kinds[i / width](random);
            var k = random.Next(1, width + 1);

            var mask = NSDropoutMath.DropMask(Data.Matrix(gaps, dtype), k, keepLargest);

            var rows = Enumerable.Range(0, Kinds.Length).Select(row => Enumerable.Range(0, width).Select(column => gaps[row, column]).ToArray());
            Assert.Equal(rows.SelectMany(row => SlowNSDropout.Mask(row, k, keepLargest)), Data.Values(mask).Select(value => value != 0));
        }
    }

    [Fact]
    public void DropMask_RowsThatAreNotContiguous_AreReadAsTheyAre()
    {
        using var scope = NewDisposeScope();
        var gaps = Data.Normal(4, 6, 9, ScalarType.Float32);

        Assert.True(Data.SameBits(NSDropoutMath.DropMask(gaps, 2), NSDropoutMath.DropMask(gaps.t().contiguous().t(), 2)));
    }

    // What a device does, on the CPU.
    [Theory]
    [InlineData(1, false)]
    [InlineData(300, false)]
    [InlineData(999, true)]
    public void DropMaskByTopK_DistinctGapsAndSomeNotFinite_IsThatOfASort(int k, bool keepLargest)
    {
        using var scope = NewDisposeScope();
        var values = Data.Normal(new Random(5), 10, 1000);
        (values[0, 3], values[4, 5], values[9, 7]) = (double.NaN, double.PositiveInfinity, double.NegativeInfinity);

        var mask = NSDropoutMath.DropMaskByTopK(Data.Matrix(values), k, keepLargest);

        var rows = Enumerable.Range(0, 10).Select(row => Enumerable.Range(0, 1000).Select(column => values[row, column]).ToArray());
        Assert.Equal(rows.SelectMany(row => SlowNSDropout.Mask(row, k, keepLargest)), Data.Values(mask).Select(value => value != 0));
        Assert.True(Data.SameBits(mask, NSDropoutMath.DropMask(Data.Matrix(values), k, keepLargest)));
    }
}
