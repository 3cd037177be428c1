using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Data.Tests;

/// <summary>Splitting data in two, class by class.</summary>
public sealed class SplitTests
{
    private static readonly long[] Labels = [.. Enumerable.Repeat(0L, 50), .. Enumerable.Repeat(1L, 10), .. Enumerable.Repeat(2L, 3), 3L];

    [Fact]
    public void Split_AnyShare_TakesItOfEveryClassAndSharesNoSample()
    {
        using var data = Make();
        var (rest, part) = data.Split(0.2, seed: 7);
        using var first = rest;
        using var second = part;

        Assert.Equal([40, 8, 2, 1], Counts(rest));
        Assert.Equal([10, 2, 1, 0], Counts(part));
        Assert.Equal(Enumerable.Range(0, Labels.Length).Select(row => (float)row), Rows(rest).Concat(Rows(part)).Order());
        Assert.Equal(Rows(part).Order(), Rows(part));
    }

    [Fact]
    public void Split_SameSeed_DrawsTheSameSamplesAndAnotherSeedOthers()
    {
        using var data = Make();

        Assert.Equal(PartOf(data, 1), PartOf(data, 1));
        Assert.NotEqual(PartOf(data, 1), PartOf(data, 2));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(double.NaN, "NaN")]
    public void Split_ShareThatLeavesAPartEmpty_IsRefused(double share, string received)
    {
        using var data = Make();

        Assert.StartsWith($"share must be in (0, 1), but got {received}.", Assert.Throws<ArgumentException>(() => data.Split(share)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Split_OfClassesWithOneSampleEach_IsRefusedAndLeavesNoTensor()
    {
        using var data = new TensorData(rand(3, 2), arange(3L));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var e = Assert.Throws<ArgumentException>(() => data.Split(0.5));

        Assert.Equal("data to split must have a class with at least two samples, but got 3 samples and none.", e.Message);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    // A sample's input is its row number.
    private static TensorData Make() => new(arange(Labels.Length, ScalarType.Float32).unsqueeze(1), tensor(Labels));

    private static float[] PartOf(TensorData data, long seed)
    {
        var (rest, part) = data.Split(0.2, seed);
        using var first = rest;
        using var second = part;
        return Rows(part);
    }

    private static float[] Rows(TensorData data) => [.. data.Inputs.data<float>()];

    private static IEnumerable<int> Counts(TensorData data) => Enumerable.Range(0, 4).Select(label => data.Labels.data<long>().Count(value => value == label));
}
