using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>NSDropout with masks that are drawn afresh for every sample (<see cref="NSDropoutOptions.GapShare"/>).</summary>
public sealed class LabelFreeTests
{
    private static readonly NSDropoutOptions Pooled = new() { GapShare = 0.5 };

    public static TheoryData<NSDropoutOptions> Forms => [NSDropoutOptions.LabelFree, Pooled, Pooled with { Momentum = 0.3 }];

    [Fact]
    public void LabelFree_IsTheDocumentedChoice() => Assert.Equal(new NSDropoutOptions { SharedMask = true, GapShare = 0.5 }, NSDropoutOptions.LabelFree);

    [Fact]
    public void LabelFree_NeedsNoLabels()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(6, 3, 0.5, NSDropoutOptions.LabelFree);
        layer.eval();
        using (var capture = ValidationCapture.Begin(layer))
        {
            layer.forward(randn(20, 6));
            capture.Complete();
        }

        layer.train();
        layer.forward(randn(20, 6));

        Assert.False(layer.UsesLabels);
        Assert.Equal((1, 1), (layer.mask_updates, layer.validation_captures));
    }

    [Fact]
    public void PooledOverClasses_NeedsTheLabelsOfTraining()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: Pooled);
        Assert.True(layer.UsesLabels);
        Assert.Throws<InvalidOperationException>(() => layer.forward(randn(4, 8, ScalarType.Float64)));
    }

    /// <summary>Neuron 2 is by far more active in training than in validation, and neuron 0 by far less.</summary>
    [Theory, MemberData(nameof(Forms))]
    public void Rates_FollowTheGaps(NSDropoutOptions options)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(4, 2, 0.3, options, dtype: ScalarType.Float64);
        Assert.Equal([0.3, 0.3, 0.3, 0.3], Data.Values(layer.drop_rates!));
        layer.CacheValidation(zeros(6, 4, ScalarType.Float64), Layers.Balanced(6, 2));

        layer.forward(tensor(new[,] { { -9.0, 1, 9, 2 }, { -8, 1, 8, 2 } }), Layers.Balanced(2, 2));

        Assert.Equal([0.15, 0.25, 0.45, 0.35], Data.Values(layer.drop_rates!).Select(rate => Math.Round(rate, 12)));
        Assert.True(layer.class_masks.all().item<bool>());
    }

    /// <summary>Classes of very unequal sizes count alike where gaps are pooled over them, and by their rows where they are not.</summary>
    [Fact]
    public void Pooling_WeighsClassesAlike()
    {
        using var scope = NewDisposeScope();
        var input = tensor(new[,] { { 4.0, 0, 1 }, { 0, 3, 1 }, { 0, 3, 1 }, { 0, 3, 1 } });
        var labels = tensor(new long[] { 0, 1, 1, 1 });

        Assert.Equal([0.75, 0.5, 0.25], RatesOf(Pooled)); // Means of class means: 2, 1.5, 1.
        Assert.Equal([0.25, 0.75, 0.5], RatesOf(NSDropoutOptions.LabelFree)); // Means of rows: 1, 2.25, 1, of which the first of equals ranks last.

        double[] RatesOf(NSDropoutOptions options)
        {
            using var layer = torch.nn.NSDropout(3, 2, 0.5, options, dtype: ScalarType.Float64);
            layer.CacheValidation(zeros(2, 3, ScalarType.Float64), Layers.Balanced(2, 2));
            layer.forward(input, labels);
            return Data.Values(layer.drop_rates!);
        }
    }

    [Theory, MemberData(nameof(Forms))]
    public void Eval_IsTheIdentityInEveryMode(NSDropoutOptions options)
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Eval(Layers.Trained(options: options));
        var input = Data.Normal(3, 5, 8);
        foreach (var mode in Enum.GetValues<EvalMode>())
        {
            layer.EvalMode = mode;
            Assert.True(Data.SameBits(input, layer.forward(input)));
        }
    }

    [Theory, MemberData(nameof(Forms))]
    public void Training_DrawsEverySampleAfreshAtTheRatesOfItsNeurons(NSDropoutOptions options)
    {
        const int rows = 20_000;
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: options, dtype: ScalarType.Float32);
        manual_seed(4);
        var input = Data.Normal(6, rows, 8, ScalarType.Float32);

        var output = layer.forward(input, Layers.Balanced(rows, 3));

        var rates = Data.Values(layer.drop_rates!);
        var dropped = Data.Values(output.eq(0).to(ScalarType.Float64).mean([0L]));
        Assert.All(dropped.Zip(rates), pair => Assert.Equal(pair.Second, pair.First, 4 * Math.Sqrt(0.25 / rows)));
        var kept = output.ne(0);
        var factors = (1 / (1 - layer.drop_rates!)).expand_as(output);
        Assert.True(output.masked_select(kept).allclose((input * factors).masked_select(kept), rtol: 1e-4, atol: 0)); // Rates are multiples of 2⁻¹⁶.
    }

    [Fact]
    public void BeforeACapture_ItIsOrdinaryDropout()
    {
        using var scope = NewDisposeScope();
        using var plain = torch.nn.NSDropout(30, 2, 0.4);
        using var free = torch.nn.NSDropout(30, 2, 0.4, NSDropoutOptions.LabelFree);
        var input = randn(10, 30);

        manual_seed(5);
        var expected = plain.forward(input, Layers.Balanced(10, 2));
        manual_seed(5);

        Assert.True(Data.SameBits(expected, free.forward(input)));
    }

    [Fact]
    public void BatchOfClassesThatValidationLacks_LeavesTheRates()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(4, 2, 0.3, Pooled);
        layer.CacheValidation(randn(6, 4), zeros(6, ScalarType.Int64));
        layer.forward(randn(6, 4), zeros(6, ScalarType.Int64));
        var before = layer.drop_rates!.clone();

        layer.forward(randn(6, 4), ones(6, ScalarType.Int64));

        Assert.True(Data.SameBits(before, layer.drop_rates!));
        Assert.NotEqual(before[0].item<float>(), before[1].item<float>());
    }

    [Theory, MemberData(nameof(Forms))]
    public void State_IsLoadedAndForgotten(NSDropoutOptions options)
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: options);
        using var other = torch.nn.NSDropout(8, 3, 0.5, options, dtype: ScalarType.Float64);

        ModuleState.Load(other, layer.state_dict());
        Assert.True(Data.SameBits(layer.drop_rates!, other.drop_rates!));

        other.ResetStatistics();
        Assert.All(Data.Values(other.drop_rates!), rate => Assert.Equal(0.5, rate));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void InPlaceAndByOperators_RatesAndOutputsAreTheSame(bool shared)
    {
        using var scope = NewDisposeScope();
        var options = Pooled with { SharedMask = shared, AbsoluteGap = true };
        using var inPlace = torch.nn.NSDropout(130, 4, 0.3, options);
        using var byOperators = torch.nn.NSDropout(130, 4, 0.3, options);
        manual_seed(6);
        var (cache, input, labels) = (randn(50, 130), randn(60, 130), Layers.Balanced(60, 4));
        foreach (var layer in new[] { inPlace, byOperators })
            layer.CacheValidation(cache, Layers.Balanced(50, 3));

        manual_seed(7);
        var expected = byOperators.forward(input.t().contiguous().t(), labels);
        manual_seed(7);

        Assert.True(Data.SameBits(expected, inPlace.forward(input, labels)));
        Assert.True(Data.SameBits(byOperators.drop_rates!, inPlace.drop_rates!));
    }

    [Fact]
    public void Channels_AreDroppedWhole()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout2d(5, 2, 0.5, NSDropoutOptions.LabelFree);
        layer.CacheValidation(rand([10, 5, 3, 3]), Layers.Balanced(10, 2));
        var output = layer.forward(rand([40, 5, 3, 3]).add_(0.1));
        var dropped = output.eq(0).to(ScalarType.Float64).mean([2L, 3L]);
        Assert.True(dropped.mul(1 - dropped).eq(0).all().item<bool>());
        Assert.InRange(dropped.mean().item<double>(), 0.3, 0.7);
    }

    [Theory, MemberData(nameof(Forms))]
    public void Steps_LeaveNoTensorBehind(NSDropoutOptions options)
    {
        using var layer = Layers.Trained(options: options, dtype: ScalarType.Float32);
        void Step()
        {
            using var scope = NewDisposeScope();
            layer.forward(randn(30, 8, requires_grad: true), Layers.Balanced(30, 3)).sum().backward();
        }

        Step();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 20; i++) Step();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Ranking_Unnamed_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new NSDropoutOptions { Ranking = (GapRanking)7 });
        Assert.StartsWith("GapRanking must be one of Linear, Step, but got 7.", error.Message, StringComparison.Ordinal);
    }
}
