using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Data.Tests;

public class TensorDataTests
{
    private static readonly byte[] Pixels = [.. Enumerable.Range(0, 3 * 2 * 2 * 2).Select(i => (byte)(i * 11 % 256))];
    private static readonly ImageSet Images = new(channels: 2, height: 2, width: 2, Pixels, [4, 0, 9]);

    [Fact]
    public void From_Symmetric_IsThePixelLess127AndAHalfOver127AndAHalf()
    {
        using var data = TensorData.From(Images, PixelScaling.Symmetric);

        Assert.Equal([3, 8], data.Inputs.shape);
        Assert.Equal(Pixels.Select(pixel => (pixel - 127.5f) / 127.5f), data.Inputs.data<float>().ToArray());
        Assert.Equal([4, 0, 9], data.Labels.data<long>().ToArray());
    }

    [Fact]
    public void From_Unit_IsThePixelOver255()
    {
        using var data = TensorData.From(Images, PixelScaling.Unit, flatten: false);

        Assert.Equal([3, 2, 2, 2], data.Inputs.shape);
        Assert.Equal(Pixels.Select(pixel => pixel / 255f), data.Inputs.data<float>().ToArray());
    }

    [Fact]
    public void From_FewerShades_ScalesByTheirMaximum()
    {
        using var data = TensorData.From(new ImageSet(1, 1, 3, [0, 8, 16], [0], maxValue: 16), PixelScaling.Symmetric);

        Assert.Equal([-1, 0, 1], data.Inputs.data<float>().ToArray());
    }

    [Fact]
    public void From_StandardizedByChannel_GivesEveryChannelMeanZeroAndDeviationOne()
    {
        using var data = TensorData.From(Images, PixelScaling.FitTo(Images), flatten: false);

        var values = data.Inputs.data<float>().ToArray();
        for (var channel = 0; channel < 2; channel++)
        {
            var ofChannel = values.Where((_, i) => i / 4 % 2 == channel).Select(value => (double)value).ToList();
            Assert.Equal(0, ofChannel.Average(), 1e-6);
            Assert.Equal(1, ofChannel.Average(value => value * value), 1e-6);
        }
    }

    [Fact]
    public void From_ThreeMeansForTwoChannels_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => TensorData.From(Images, PixelScaling.Standardized([0, 0, 0], [1, 1, 1])));
        Assert.StartsWith("scaling must have one mean, or one for each of 2 channels, but got 3.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_NoImages_IsEmptyButShaped()
    {
        using var data = TensorData.From(new ImageSet(1, 2, 3, [], []));

        Assert.Equal([0, 6], data.Inputs.shape);
        Assert.Equal([0], data.Labels.shape);
    }

    [Fact]
    public void From_Rows_KeepsTheirValues()
    {
        using var data = TensorData.From(new TabularSet(2, [1, 2, 3, 4, 5, 6], [1, 0, 1]));

        Assert.Equal([3, 2], data.Inputs.shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], data.Inputs.data<float>().ToArray());
        Assert.Equal([1, 0, 1], data.Labels.data<long>().ToArray());
    }

    [Fact]
    public void Select_Indices_TakesThoseSamplesInThatOrder()
    {
        using var data = TensorData.From(Images, PixelScaling.Unit);
        using var some = data.Select([2, 0, 2]);

        Assert.Equal([9, 4, 9], some.Labels.data<long>().ToArray());
        Assert.Equal(Pixels[16..].Concat(Pixels[..8]).Concat(Pixels[16..]).Select(pixel => pixel / 255f), some.Inputs.data<float>().ToArray());
    }

    [Fact]
    public void TensorsOf_TabularDataset_AreStandardizedByItsTrainingPart()
    {
        var train = new TabularSet(1, [0, 2], [0, 1]);
        var dataset = new TabularDataset("d", 2, ["a", "b"], ["x"], train, new TabularSet(1, [5], [1]), "", []);
        using var test = dataset.TestTensors();

        Assert.Equal([4], test.Inputs.data<float>().ToArray());
    }

    [Fact]
    public void From_InsideAScope_OutlivesIt()
    {
        TensorData data;
        using (NewDisposeScope())
            data = TensorData.From(Images);

        using (data)
            Assert.Equal([4, 0, 9], data.Labels.data<long>().ToArray());
    }

    [Fact]
    public void FromAndSelect_OwnNothingAfterDispose()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var data = TensorData.From(Images, PixelScaling.FitTo(Images), flatten: false))
        {
            using var some = data.Select([0, 1]);
            Assert.Equal(before + 4, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void From_WhereItThrows_LeavesNoTensor()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Throws<ArgumentException>(() => TensorData.From(Images, PixelScaling.Standardized([0, 0, 0], [1, 1, 1])));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Constructor_NotOneRowASample_ThrowsAndSaysWhich()
    {
        using var inputs = zeros(2, 3);
        using var labels = zeros(2, dtype: ScalarType.Int64);
        using var three = zeros(3, dtype: ScalarType.Int64);

        using var scalar = zeros([]);

        AssertSentence("inputs must have one row a sample, shape [N,…], but got a scalar.", () => new TensorData(scalar, labels));
        AssertSentence("labels must have one row a sample, shape [N,…], but got a scalar.", () => new TensorData(inputs, scalar));
        AssertSentence("inputs and labels must have one row a sample, but got 2 inputs and 3 labels.", () => new TensorData(inputs, three));
    }

    [Fact]
    public void Split_NumbersToLearn_HoldsOutAShareOfAllSamples()
    {
        using var scope = NewDisposeScope();
        using var data = new TensorData(arange(20).reshape(20, 1), arange(20).to(ScalarType.Float32).reshape(20, 1));

        var (rest, part) = data.Split(0.25, seed: 3);

        Assert.Equal((15, 5), (rest.Count, part.Count));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), cat([rest.Inputs, part.Inputs]).data<long>().ToArray().Order());
        Assert.Equal(part.Inputs.to(ScalarType.Float32).data<float>().ToArray(), part.Labels.data<float>().ToArray());
    }

    private static void AssertSentence(string expected, Func<object> act) =>
        Assert.StartsWith(expected, Assert.Throws<ArgumentException>(act).Message, StringComparison.Ordinal);
}
