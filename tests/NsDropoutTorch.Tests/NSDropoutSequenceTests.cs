using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>NSDropout of sequences [N, T, F], with one mask for all positions and with a mask for each.</summary>
public class NSDropoutSequenceTests
{
    private const int Steps = 4;
    private const int Features = 6;
    private const int Classes = 3;

    private static readonly NSDropoutOptions Drawn = new() { GapShare = 0.5 };

    public static TheoryData<long?> Lengths => [null, Steps];

    public static TheoryData<long?, bool, bool, ScalarType> Choices => new()
    {
        { null, false, false, ScalarType.Float64 },
        { null, true, false, ScalarType.Float32 },
        { null, false, true, ScalarType.Float32 },
        { Steps, false, false, ScalarType.Float32 },
        { Steps, true, false, ScalarType.Float64 },
        { Steps, false, true, ScalarType.Float32 },
    };

    /// <summary>Masks by sums over samples and positions, or over samples for each position, and every output by its mask, in loops.</summary>
    [Theory, MemberData(nameof(Choices))]
    public void Train_AgreesWithTheOracle(long? length, bool absolute, bool keepLargest, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (x, xv) = (Sequences(1, 20, dtype: dtype), Sequences(2, 15, dtype: dtype));
        var (y, yv) = (Data.Labels(new Random(1), 20, Classes), Data.Labels(new Random(2), 15, Classes));
        using var layer = Layer(length, new NSDropoutOptions { AbsoluteGap = absolute, KeepLargest = keepLargest }, dtype);
        layer.CacheValidation(xv, tensor(yv));
        var output = layer.forward(x, tensor(y));

        var (rows, labels) = Units(x, y, length);
        var (cached, cachedLabels) = Units(xv, yv, length);
        var masks = SlowNSDropout.Masks(rows, labels, cached, cachedLabels, Classes, 0.3, absolute: absolute, keepLargest: keepLargest);
        Assert.Equal(masks, [.. Data.Values(layer.class_masks).Select(v => v != 0).Chunk(length is null ? Features : Steps * Features)]);
        var expected = SlowNSDropout.Multiply(rows, labels, masks, SlowNSDropout.CountScales(masks));
        Data.AssertClose(Data.Flat(expected), output, 0, dtype is ScalarType.Float64 ? 1e-14 : 3e-7);
        Assert.Equal(x.shape, output.shape);
        Assert.True(output.is_contiguous());
        Assert.Equal((length is null ? Features : Steps * Features) * 0.3, masks[0].Count(kept => !kept), 0.5);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Train_Gradient_IsTheMaskTimesScale(long? length)
    {
        using var scope = NewDisposeScope();
        foreach (var scaleBackward in new[] { true, false })
        {
            using var layer = Trained(length, new NSDropoutOptions { ScaleBackward = scaleBackward });
            var x = Sequences(1, 20).requires_grad_();
            var output = layer.forward(x, Layers.Balanced(20, Classes));
            output.sum().backward();
            var dropped = (int)Math.Round((length is null ? Features : Steps * Features) * 0.3);
            var factor = scaleBackward ? 1 : 1 - (dropped / (double)(length is null ? Features : Steps * Features));
            Data.AssertClose([.. Data.Values(output).Zip(Data.Values(x), (o, v) => o / v * factor)], x.grad!, 1e-12);
        }
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Train_StridedAndContiguousInputs_GiveTheSameBits(long? length)
    {
        using var scope = NewDisposeScope();
        foreach (var options in new[] { NSDropoutOptions.Default, Drawn })
        {
            using var first = Trained(length, options, ScalarType.Float32);
            using var second = Trained(length, options, ScalarType.Float32);
            var x = Sequences(1, 21, dtype: ScalarType.Float32);
            var strided = x.transpose(0, 1).contiguous().transpose(0, 1);
            Assert.False(strided.is_contiguous());
            manual_seed(4);
            var expected = first.forward(x, Layers.Balanced(21, Classes));
            manual_seed(4);
            Assert.True(Data.SameBits(expected, second.forward(strided, Layers.Balanced(21, Classes))));
            Assert.True(Data.SameBits(first.Gaps(), second.Gaps()));
        }
    }

    /// <summary>[T, N, F] is another order of the same numbers: masks, outputs and gradients are the same to the bit, and outputs lie as inputs do.</summary>
    [Theory, MemberData(nameof(Lengths))]
    public void TimeFirst_IsTheSameInAnotherOrder(long? length)
    {
        using var scope = NewDisposeScope();
        foreach (var options in new[] { NSDropoutOptions.Default, Drawn, NSDropoutOptions.LabelFree })
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            using var batchFirst = Trained(length, options, dtype);
            using var timeFirst = torch.nn.NSDropoutSequence(Features, Classes, 0.3, length, options, dtype: dtype, batch_first: false);
            timeFirst.CacheValidation(TimeFirst(Sequences(101, 30, dtype: dtype)), Layers.Balanced(30, Classes));
            timeFirst.forward(TimeFirst(Sequences(102, 30, dtype: dtype)), Layers.Balanced(30, Classes));
            var (x, labels) = (Sequences(1, 21, dtype: dtype), Layers.Balanced(21, Classes));
            foreach (var training in new[] { true, false })
            {
                batchFirst.train(training);
                timeFirst.train(training);
                var (one, other) = (x.clone().requires_grad_(), TimeFirst(x).requires_grad_());
                manual_seed(4);
                var expected = batchFirst.forward(one, labels);
                manual_seed(4);
                var output = timeFirst.forward(other, labels);
                expected.sum().backward();
                output.sum().backward();
                Assert.True(output.is_contiguous());
                Assert.True(Data.SameBits(TimeFirst(expected), output));
                Assert.True(Data.SameBits(TimeFirst(one.grad!), other.grad!));
                Assert.True(Data.SameBits(batchFirst.Gaps(), timeFirst.Gaps()));
            }
        }

        static Tensor TimeFirst(Tensor sequences) => sequences.transpose(0, 1).contiguous();
    }

    [Fact]
    public void TimeFirst_RowsAreNoSamples()
    {
        using var batchFirst = torch.nn.NSDropoutSequence(6, 3);
        using var timeFirst = torch.nn.NSDropoutSequence(6, 3, batch_first: false);
        using var fixedLength = torch.nn.NSDropoutSequence(6, 3, 0.3, length: 4, batch_first: false);
        using var x = ones(2, 5, 6);
        Assert.True(batchFirst.DrawsForEachRow);
        Assert.False(timeFirst.DrawsForEachRow);
        Assert.Equal("NSDropoutSequence(num_features=6, num_classes=3, length=4, batch_first=False, p=0.3, EvalMode=Identity)", fixedLength.ToString());
        Assert.StartsWith("input must have shape [4, N, 6], but got [2, 5, 6].", Assert.Throws<ArgumentException>(() => fixedLength.forward(x)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_NoCacheYet_DropsFeaturesAtAllPositionsOrElements()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var pooled = Layer(null);
        using var each = Layer(Steps);
        var (whole, elements) = (Train(pooled), Train(each));
        Assert.True(Data.SameBits(whole.amin([1L]), whole.amax([1L])));
        Assert.False(Data.SameBits(elements.amin([1L]), elements.amax([1L])));
        Assert.Equal([0, 1 / 0.7], Data.Values(cat([whole, elements])).Distinct().Order().Select(v => Math.Round(v, 12)).ToArray(), (a, b) => Math.Abs(a - b) < 1e-11);

        static Tensor Train(NSDropoutSequence layer) => layer.forward(ones([50, Steps, Features], ScalarType.Float64), Layers.Balanced(50, Classes));
    }

    /// <summary>A label is needed for nothing, a feature goes at all positions where masks are pooled, and each neuron as often as its rate says: within four standard errors.</summary>
    [Theory, MemberData(nameof(Lengths))]
    public void LabelFree_DrawsEachSampleAtTheRates(long? length)
    {
        const int rows = 20_000;
        using var scope = NewDisposeScope();
        manual_seed(6);
        using var layer = Layer(length, NSDropoutOptions.LabelFree, ScalarType.Float32);
        layer.eval();
        Layers.Capture(layer, () => layer.forward(Sequences(2, 30, dtype: ScalarType.Float32)));
        layer.train();
        var dropped = layer.forward(Sequences(3, rows, dtype: ScalarType.Float32)).eq(0);

        var rates = Data.Values(layer.drop_rates!);
        Assert.Equal(length is null ? Features : Steps * Features, rates.Length);
        Assert.Equal(0.3, rates.Average(), 1e-6);
        Assert.InRange(rates.Max() - rates.Min(), 0.29, 0.31);
        var share = Data.Values((length is null ? dropped.all(1) : dropped.flatten(1)).to(ScalarType.Float64).mean([0L]));
        Assert.All(share.Zip(rates), pair => Assert.InRange((pair.First - pair.Second) / Math.Sqrt(pair.Second * (1 - pair.Second) / rows), -4, 4));
        if (length is null) Assert.True(Data.SameBits(dropped.any(1).to(ScalarType.Int64), dropped.all(1).to(ScalarType.Int64)));
    }

    /// <summary>The rates are those of NSDropout on the same numbers, arranged as rows.</summary>
    [Theory, MemberData(nameof(Lengths))]
    public void GapShare_RatesAreThoseOfRows(long? length)
    {
        using var scope = NewDisposeScope();
        using var layer = Trained(length, Drawn);
        using var rows = torch.nn.NSDropout(length is null ? Features : Steps * Features, Classes, 0.3, Drawn, dtype: ScalarType.Float64);
        rows.CacheValidation(AsRows(Sequences(101, 30)), Layers.Balanced(30, Classes));
        rows.forward(AsRows(Sequences(102, 30)), Layers.Balanced(30, Classes));
        Data.AssertClose(Data.Values(rows.drop_rates!), layer.drop_rates!, 1e-12);
        Assert.NotEqual(rows.drop_rates!.max().item<double>(), rows.drop_rates!.min().item<double>());

        Tensor AsRows(Tensor x) => length is null ? x.mean([1L]) : x.flatten(1);
    }

    /// <summary>Batches of sequences of other lengths: each sequence counts once.</summary>
    [Fact]
    public void Capture_OfSeveralLengths_TakesTheMeanOfEachSequence()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(null, new NSDropoutOptions { KeepActivations = true });
        var (few, many) = (Sequences(3, 9), Sequences(4, 12, 2 * Steps));
        layer.eval();
        Layers.Capture(layer, () =>
        {
            foreach (var x in new[] { few, many })
            {
                using (LabelScope.Use(Layers.Balanced(x.size(0), Classes)))
                    Assert.True(Data.SameBits(x, layer.call(x)));
            }
        });

        double[,] Means(Tensor x) => Averages(Data.Values(x), (int)x.size(0), (int)x.size(1));
        var all = Stacked(Means(few), Means(many));
        var labels = Data.Integers(cat([Layers.Balanced(9, Classes), Layers.Balanced(12, Classes)]));
        Data.AssertClose([.. Enumerable.Range(0, Classes).SelectMany(c => SlowNSDropout.ClassMean(all, labels, c, out _))], layer.validation_means, 1e-12);
        Assert.Equal([7, 7, 7], Data.Integers(layer.validation_counts));
        Data.AssertClose(Data.Flat(all), layer.KeptValidation()!.Value.activations, 1e-12);
        Assert.Equal([5, 3 * Steps, Features], layer.call(Sequences(5, 5, 3 * Steps)).shape);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Eval_EachMode_IsWhatItSays(long? length)
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Eval(Trained(length, NSDropoutOptions.Default with { ScaleEval = false }));
        var x = Sequences(5, 6);
        Assert.True(Data.SameBits(x, layer.call(x)));
        var masks = layer.class_masks.to(ScalarType.Float64).reshape(Classes, length ?? 1, Features);
        layer.EvalMode = EvalMode.MeanMask;
        Data.AssertClose(Data.Values(x * masks.mean([0L], keepdim: true)), layer.call(x), 1e-14);
        layer.EvalMode = EvalMode.LabelMask;
        Assert.True(Data.SameBits(x * masks.index_select(0, Layers.Balanced(6, Classes)), layer.forward(x, Layers.Balanced(6, Classes))));
        Assert.Throws<InvalidOperationException>(() => layer.call(x));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void State_ThroughAFile_GivesTheSameBits(long? length)
    {
        using var scope = NewDisposeScope();
        var options = new NSDropoutOptions { Momentum = 0.5, EvalMode = EvalMode.LabelMask };
        using var layer = Trained(length, options);
        using var loaded = Layer(length, options);
        using var stream = new MemoryStream();
        layer.save(stream);
        loaded.load(new MemoryStream(stream.ToArray()));
        long units = length is null ? Features : Steps * Features;
        Assert.Equal([Classes, units], loaded.class_masks.shape);
        Assert.Equal([Classes, units], loaded.training_means!.shape);
        Assert.Equal((1, 1, 1), (loaded.steps, loaded.mask_updates, loaded.validation_captures));
        for (var step = 0; step < 2; step++)
        {
            var (x, labels) = (Sequences(7 + step, 11), Layers.Balanced(11, Classes));
            Assert.True(Data.SameBits(layer.forward(x, labels), loaded.forward(x, labels)));
        }

        using var other = Layer(length is null ? Steps : null, options);
        var error = Assert.Throws<ArgumentException>(() => other.load_state_dict(layer.state_dict()));
        Assert.Contains($"must have shape [{Classes}, {(length is null ? Steps : 1) * Features}], but got [{Classes}, {units}].", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, new long[] { 2, Features }, "[N, T, 6]")]
    [InlineData(null, new long[] { 2, Features, Steps }, "[N, T, 6]")]
    [InlineData(null, new long[] { 2, 0, Features }, "[N, T, 6]")]
    [InlineData((long)Steps, new long[] { 2, 5, Features }, "[N, 4, 6]")]
    [InlineData((long)Steps, new long[] { 2, Steps * Features }, "[N, 4, 6]")]
    public void Forward_WrongShape_SaysTheRuleAndLeavesNoTensorBehind(long? length, long[] shape, string expected)
    {
        using var layer = Layer(length);
        using var x = ones(shape, ScalarType.Float64);
        using var labels = Layers.Balanced(2, Classes).DetachFromDisposeScope();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        foreach (var training in new[] { true, false })
        {
            layer.train(training);
            AssertRefused(() => layer.forward(x, labels));
        }

        AssertRefused(() => layer.CacheValidation(x, labels));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void AssertRefused(Action call) => Assert.StartsWith(
            $"input must have shape {expected}, but got [{string.Join(", ", shape)}].", Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Train_WithoutLabels_SaysTheRuleAndLeavesNoTensorBehind(long? length)
    {
        using var layer = Trained(length, NSDropoutOptions.Default);
        using var x = ones([2, Steps, Features], ScalarType.Float64);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Contains(nameof(NSDropoutSequence), Assert.Throws<InvalidOperationException>(() => layer.call(x)).Message, StringComparison.Ordinal);
        using (var scope = NewDisposeScope())
        {
            using (LabelScope.Use(Layers.Balanced(2, Classes)))
                layer.call(x);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        layer.eval();
        using (layer.call(x))
            Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Constructor_NoPositions_SaysTheRule() => Assert.StartsWith(
        "length must be at least 1, but got 0.",
        Assert.Throws<ArgumentOutOfRangeException>(() => torch.nn.NSDropoutSequence(4, 2, length: 0)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void ToString_NamesTheSettings()
    {
        using var pooled = torch.nn.NSDropoutSequence(6, 3, 0.3);
        using var each = torch.nn.NSDropoutSequence(6, 3, 0.3, length: 4);
        Assert.Equal("NSDropoutSequence(num_features=6, num_classes=3, p=0.3, EvalMode=Identity)", pooled.ToString());
        Assert.Equal("NSDropoutSequence(num_features=6, num_classes=3, length=4, p=0.3, EvalMode=Identity)", each.ToString());
    }

    private static NSDropoutSequence Layer(long? length, NSDropoutOptions? options = null, ScalarType dtype = ScalarType.Float64) =>
        torch.nn.NSDropoutSequence(Features, Classes, 0.3, length, options, dtype: dtype);

    private static NSDropoutSequence Trained(long? length, NSDropoutOptions options, ScalarType dtype = ScalarType.Float64)
    {
        using var scope = NewDisposeScope();
        var layer = Layer(length, options, dtype);
        layer.CacheValidation(Sequences(101, 30, dtype: dtype), Layers.Balanced(30, Classes));
        layer.forward(Sequences(102, 30, dtype: dtype), Layers.Balanced(30, Classes));
        return layer;
    }

    private static Tensor Sequences(int seed, int count, int steps = Steps, ScalarType dtype = ScalarType.Float64) =>
        Data.Normal(seed, count, steps * Features, dtype).view(count, steps, Features);

    // Every position of a sample as a row of its class, or every sample as one row of all its positions.
    private static (double[,] Rows, long[] Labels) Units(Tensor x, long[] labels, long? length)
    {
        var values = Data.Values(x);
        var width = length is null ? Features : Steps * Features;
        var rows = new double[values.Length / width, width];
        for (var i = 0; i < values.Length; i++)
            rows[i / width, i % width] = values[i];
        return (rows, length is null ? [.. labels.SelectMany(label => Enumerable.Repeat(label, Steps))] : labels);
    }

    private static double[,] Averages(double[] values, int count, int steps)
    {
        var means = new double[count, Features];
        for (var i = 0; i < values.Length; i++)
            means[i / (steps * Features), i % Features] += values[i] / steps;
        return means;
    }

    private static double[,] Stacked(double[,] first, double[,] second)
    {
        var all = new double[first.GetLength(0) + second.GetLength(0), Features];
        for (var i = 0; i < all.GetLength(0); i++)
        {
            for (var j = 0; j < Features; j++)
                all[i, j] = i < first.GetLength(0) ? first[i, j] : second[i - first.GetLength(0), j];
        }

        return all;
    }
}
