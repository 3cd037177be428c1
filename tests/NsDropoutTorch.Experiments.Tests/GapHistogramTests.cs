using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class GapHistogramTests
{
    [Fact]
    public void Of_Gaps_CountsEachClassInEqualBins()
    {
        var histogram = GapHistogram.Of("layer", [[0, 41, 0.5], [40.2, 20.5, double.NaN]])!;

        Assert.Equal(("layer", 0, 41), (histogram.Module, histogram.Low, histogram.High));
        Assert.All(histogram.Counts, row => Assert.Equal(41, row.Count));
        Assert.Equal([(0, 2L), (40, 1L)], Filled(histogram.Counts[0]));
        Assert.Equal([(20, 1L), (40, 1L)], Filled(histogram.Counts[1]));
    }

    [Fact]
    public void Of_NothingToSpread_IsNull()
    {
        Assert.Null(GapHistogram.Of("layer", [[double.NaN, double.NaN]]));
        Assert.Null(GapHistogram.Of("layer", [[0.5, 0.5], [0.5, 0.5]]));
    }

    private static IEnumerable<(int Bin, long Count)> Filled(IReadOnlyList<long> counts) =>
        counts.Select((count, bin) => (bin, count)).Where(pair => pair.count > 0);
}
