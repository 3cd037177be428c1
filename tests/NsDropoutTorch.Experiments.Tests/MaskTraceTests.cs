using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class MaskTraceTests
{
    [Fact]
    public void History_Replaced_IsTheShareOfDroppedNeuronsThatAreNew()
    {
        var trace = new MaskTrace("layer", epochs: 5);
        trace.Add(0, [[], []], 4);
        trace.Add(1, [[0, 1], [2, 3]], 4);
        trace.Add(2, [[0, 1], [1, 3]], 4);
        trace.Add(3, [[2, 3], [1, 3]], 4);
        trace.Add(4, [[2, 3], [1, 3]], 4);

        var history = trace.History;

        Assert.Equal([0, 1, 0.25, 0.5, 0], history.Replaced);
        Assert.Equal(("layer", 4), (history.Module, history.NumFeatures));
        Assert.Equal([0, 1, 2, 3, 4], history.Snapshots.Select(snapshot => snapshot.Epoch));
        Assert.Equal([[0L, 1], [1, 3]], history.Snapshots[2].Dropped);
    }

    [Theory]
    [InlineData(2, 1, 2)]
    [InlineData(60, 1, 60)]
    [InlineData(61, 1, 60)]
    [InlineData(180, 260, 60)]
    [InlineData(10_001, 260, 60)]
    [InlineData(500, 20_000, 10)]
    [InlineData(50, 1_000_000, 2)]
    public void History_Snapshots_AreFewAndReachFromTheFirstEpochToTheLast(int epochs, int numbers, int expected)
    {
        var trace = new MaskTrace("layer", epochs);
        long[][] dropped = [[.. Enumerable.Range(0, numbers).Select(i => (long)i)]];
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            trace.Add(epoch, dropped, numbers);
        }

        var shown = trace.History.Snapshots.Select(snapshot => snapshot.Epoch).ToArray();

        Assert.Equal(expected, shown.Length);
        Assert.Equal((0, epochs - 1), (shown[0], shown[^1]));
        var steps = shown.Zip(shown.Skip(1), (a, b) => b - a).ToArray();
        Assert.True(steps.Max() - steps.Min() <= 1, $"steps from {steps.Min()} to {steps.Max()}");
        Assert.Equal(epochs, trace.History.Replaced.Count);
    }
}
