using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class CalibrationErrorTests
{
    /// <summary>
    /// Counted by hand, with four bins: confidence 0.25 is right (0 to 0.25], 0.5 wrong (0.25 to 0.5], 0.7 and 0.7 right and wrong (0.5 to 0.75], 0.8 and 1 right (0.75 to 1]. So
    /// ECE = 1/6·|0.25 − 1| + 1/6·|0.5 − 0| + 2/6·|0.7 − 0.5| + 2/6·|0.9 − 1|, and edges belong to the bin below.
    /// </summary>
    [Fact]
    public void Value_SixSamplesAtEdgesOfBins_IsThatCountedByHand()
    {
        using var scope = NewDisposeScope();
        double[,] probabilities =
        {
            { 0.25, 0.25, 0.25, 0.25 }, { 0.5, 0.5, 0, 0 }, { 0.7, 0.3, 0, 0 }, { 0, 0.7, 0.3, 0 }, { 0.1, 0.1, 0.8, 0 }, { 0, 0, 0, 1 },
        };
        var logits = tensor(probabilities).log();
        // The first bin's sample is right by whichever of four equal classes is the answer.
        var labels = tensor(new[] { logits[0].argmax().item<long>(), 2, 0, 2, 2, 3 });
        var error = new CalibrationError(4);

        Feed(error, logits, labels, size: 4);

        Assert.Equal([1L, 1, 2, 2], error.Bins.Select(bin => bin.Count));
        Assert.Equal([0.25, 0.5, 0.75, 1], error.Bins.Select(bin => bin.To));
        AssertNear([0.25, 0.5, 0.7, 0.9], error.Bins.Select(bin => bin.Confidence));
        AssertNear([1, 0, 0.5, 1], error.Bins.Select(bin => bin.Accuracy));
        AssertNear([-0.75, 0.5, 0.2, -0.1], error.Bins.Select(bin => bin.Gap));
        Assert.Equal((0.75 + 0.5 + 0.4 + 0.2) / 6, error.Value, 1e-12);
        Assert.Equal(0.75, error.Largest, 1e-12);
        Assert.Equal("Expected calibration error 30.83 %, largest gap 75.00 %, of 6 samples in 4 bins.", error.ToString().Replace('\u00A0', ' '));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 2.5)]
    [InlineData(15, 0.5)]
    public void Value_ManySamples_IsALoopOverBins(int bins, double temperature)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (logits, labels) = (randn(300, 5) * 2, randint(5, [300], ScalarType.Int64));
        var error = new CalibrationError(bins, temperature);

        Feed(error, logits, labels, size: 64);

        var (z, y) = (logits.data<float>().ToArray().Chunk(5).ToArray(), labels.data<long>().ToArray());
        var expected = 0.0;
        for (var b = 0; b < bins; b++)
        {
            var inside = z.Zip(y).Select(pair => (Best: Softmax(pair.First, temperature).Index().MaxBy(p => p.Item), Label: pair.Second))
                .Where(sample => sample.Best.Item > (double)b / bins && sample.Best.Item <= (b + 1.0) / bins).ToArray();
            if (inside.Length > 0) expected += inside.Length / 300.0 * Math.Abs(inside.Average(sample => sample.Best.Item) - inside.Average(sample => sample.Best.Index == sample.Label ? 1.0 : 0));
        }

        Assert.Equal(expected, error.Value, 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Value_SingleLogits_IsThatOfTwoClasses(int dimensions)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (logits, labels) = (randn(50), randint(2, [50], ScalarType.Int64));
        var (single, both) = (new CalibrationError(10), new CalibrationError(10));

        Feed(single, dimensions == 1 ? logits : logits.unsqueeze(1), dimensions == 1 ? labels : labels.unsqueeze(1).to(ScalarType.Float32), size: 20);
        Feed(both, stack([logits * -0.5, logits * 0.5], 1), labels, size: 50);

        Assert.Equal(both.Value, single.Value, 1e-6);
        Assert.InRange(single.Value, 0.01, 1);
    }

    [Fact]
    public void Value_NothingOrNotANumber_IsNaN()
    {
        using var scope = NewDisposeScope();
        var error = new CalibrationError();
        Assert.True(double.IsNaN(error.Value));
        Assert.Equal("Nothing was measured yet.", error.ToString());

        Feed(error, tensor(new[] { 1f, 0, float.NaN, 0 }, 2, 2), zeros(2, ScalarType.Int64), size: 2);

        Assert.True(double.IsNaN(error.Value) && double.IsNaN(error.Largest));
        Assert.Equal(1, error.Bins.Sum(bin => bin.Count));
    }

    [Fact]
    public void Resume_InTheMiddle_GoesOnFromWhatWasGathered()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var (logits, labels) = (randn(40, 3), randint(3, [40], ScalarType.Int64));
        var (whole, first, second) = (new CalibrationError(), new CalibrationError(), new CalibrationError());
        Feed(whole, logits, labels, size: 20);

        first.Begin(CPU);
        first.Add(logits[..20], labels[..20]);
        second.Begin(CPU);
        second.Resume(first.Gathered);
        second.Add(logits[20..], labels[20..]);
        second.End();

        Assert.Equal(whole.Value, second.Value);
        Assert.Empty(second.Gathered);
    }

    [Fact]
    public void BrokenRules_SayWhatWasReceived()
    {
        using var scope = NewDisposeScope();
        Broken.Says("number of bins must be at least 1, but got 0.", () => _ = new CalibrationError(0));
        Broken.Says("temperature must be a finite number above 0, but got 0.", () => _ = new CalibrationError(5, 0));
        Broken.Says("labels must be classes of the logits, but got 2 samples with others.", () => Feed(new CalibrationError(), randn(3, 2), tensor(new long[] { 2, 1, -1 }), size: 3));
        Broken.Says("ece needs logits [N,C], [N] or [N,1] with labels of N elements, N at least 1, but got [3,2,4] and [3].", () => Feed(new CalibrationError(), randn([3, 2, 4]), zeros(3, ScalarType.Int64), size: 3));
        Broken.Says("a temperature needs logits [N,C], [N] or [N,1] with labels of N elements, N at least 1, but got [3,2] and [4].", () => TemperatureScaling.Fit(randn(3, 2), zeros(4, ScalarType.Int64)));
    }

    /// <summary>Labels that are drawn from softmax(logits/T) have the temperature T, up to the scatter of the draw; and the fit is where the cross-entropy is least.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    public void Fit_LabelsOfAKnownTemperature_FindsIt(double temperature)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var logits = randn(20_000, 4) * 3;
        var labels = (logits / temperature).softmax(1).multinomial(1).squeeze(1);

        var fitted = TemperatureScaling.Fit(logits, labels);

        Assert.Equal(temperature, fitted, temperature * 0.05);
        double Loss(double t) => nn.functional.cross_entropy(logits.to(ScalarType.Float64) / t, labels).ToDouble();
        Assert.True(Loss(fitted) < Loss(fitted * 1.001) && Loss(fitted) < Loss(fitted / 1.001));
        var (before, after) = (new CalibrationError(), new CalibrationError(15, fitted));
        Feed(before, logits, labels, size: 20_000);
        Feed(after, logits, labels, size: 20_000);
        Assert.True(after.Value < 0.02 && before.Value > 0.05, $"{before.Value}, {after.Value}");
    }

    [Fact]
    public void Fit_AllRightOrNothingToLearn_IsAtTheEnds()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(TemperatureScaling.Lowest, TemperatureScaling.Fit(eye(3), arange(3, ScalarType.Int64)), 1e-9);
        Assert.Equal(TemperatureScaling.Highest, TemperatureScaling.Fit(eye(3), tensor(new long[] { 1, 2, 0 })), 1e-9);
    }

    private static double[] Softmax(float[] logits, double temperature)
    {
        double[] powers = [.. logits.Select(z => Math.Exp(z / temperature))];
        return [.. powers.Select(power => power / powers.Sum())];
    }

    private static void AssertNear(double[] expected, IEnumerable<double> actual) => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12));

    private static void Feed(CalibrationError metric, Tensor outputs, Tensor labels, long size)
    {
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (NewDisposeScope())
        {
            metric.Begin(CPU);
            foreach (var (start, length) in Chunks.Of(labels.size(0), size)) metric.Add(outputs.narrow(0, start, length), labels.narrow(0, start, length));
            metric.End();
        }

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
