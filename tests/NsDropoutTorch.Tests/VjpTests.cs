using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>Autograd is the oracle of the product, and forward that of the output, the draws and the state.</summary>
public sealed class VjpTests : IDisposable
{
    private const int Rows = 14;
    private const int Features = 37;
    private const int Classes = 4;

    private readonly DisposeScope scope = NewDisposeScope();

    private static Dictionary<string, Func<nn.Module<Tensor, Tensor>>> Layers { get; } = new(StringComparer.Ordinal)
    {
        ["FastDropout"] = () => nn.FastDropout(0.3),
        ["FastDropout of nothing"] = () => nn.FastDropout(0),
        ["FastDropout with a generator"] = () => new FastDropout(0.3) { generator = new Generator(5) },
        ["NSDropout"] = () => NSDropout(new()),
        ["NSDropout as published"] = () => NSDropout(NSDropoutOptions.Reference),
        ["NSDropout, label-free"] = () => NSDropout(NSDropoutOptions.LabelFree),
        ["NSDropout, gap rates of classes"] = () => NSDropout(new() { GapShare = 0.5 }),
        ["NSDropout, momentum"] = () => NSDropout(new() { Momentum = 0.5 }),
        ["NSDropout, one factor"] = () => NSDropout(new() { ScaleByCount = false }),
        ["NSDropout, gradient without factor"] = () => NSDropout(new() { ScaleBackward = false }),
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    private static Dictionary<string, Func<(nn.Module<Tensor, Tensor>, Tensor)>> Others { get; } = new(StringComparer.Ordinal)
    {
        ["FastDropout in half precision"] = () => (nn.FastDropout(0.3), Input().to(ScalarType.Float16)),
        ["FastDropout in place"] = () => (nn.FastDropout(0.3, inplace: true), Input()),
        ["FastDropout of all"] = () => (nn.FastDropout(1), Input()),
        ["NSDropout before validation"] = () => (nn.NSDropout(Features, Classes, 0.3), Input()),
        ["NSDropout in its warm-up"] = () => (NSDropout(new() { WarmupSteps = 3 }), Input()),
        ["NSDropout that evaluates"] = () => (Evaluating(NSDropout(new())), Input()),
        ["NSDropout, shared mask"] = () => (NSDropout(new() { SharedMask = true }), Input()),
        ["NSDropout, label-free, in half precision"] = () => (NSDropout(NSDropoutOptions.LabelFree), Input().to(ScalarType.Float16)),
        ["NSDropout2d"] = () => (nn.NSDropout2d(Features, Classes, 0.3), randn(Rows, Features, 2, 2)),
    };

    public static TheoryData<string> OtherNames => [.. Others.Keys];

    public void Dispose() => scope.Dispose();

    [Theory, MemberData(nameof(Names))]
    public void Vjp_OutputProductDrawsAndState_AreThoseOfAutograd(string name)
    {
        var (one, other) = (Layers[name](), Layers[name]());
        for (var step = 0; step < 3; step++)
        {
            var (input, gradient) = (Input(step), Input(step + 10));
            using var labels = LabelScope.Use(arange((long)Rows).add(step).remainder(Classes));
            manual_seed(step);
            var leaf = input.detach().requires_grad_();
            var expected = one.call(leaf);
            expected.backward([gradient]);
            var draw = rand(1);

            manual_seed(step);
            var (output, product) = Vjp(other, input)!.Value;
            Assert.False(output.requires_grad);
            Assert.True(Data.SameBits(draw, rand(1)));
            Assert.True(Data.SameBits(expected.detach(), output));
            Assert.True(Data.SameBits(leaf.grad!, product(gradient)));
        }

        foreach (var (mine, others) in one.state_dict().Zip(other.state_dict()))
            Assert.True(Data.SameBits(mine.Value, others.Value), mine.Key);
    }

    [Theory, MemberData(nameof(OtherNames))]
    public void Vjp_WhereOnlyAutogradKnowsIt_IsNull_AndNothingHasHappened(string name)
    {
        var (layer, input) = Others[name]();
        var before = layer.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone(), StringComparer.Ordinal);
        using var labels = LabelScope.Use(zeros(Rows, ScalarType.Int64));
        manual_seed(3);
        var draw = rand(1);
        manual_seed(3);

        Assert.Null(Vjp(layer, input));

        Assert.True(Data.SameBits(draw, rand(1)));
        Assert.All(layer.state_dict(), entry => Assert.True(Data.SameBits(before[entry.Key], entry.Value)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Vjp_LeavesOutputAndProductAlone(string name)
    {
        var layer = Layers[name]();
        var (input, gradient) = (Input(), Input(1));
        using var labels = LabelScope.Use(arange((long)Rows).remainder(Classes));
        Once();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Once();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Once()
        {
            var (output, product) = Vjp(layer, input)!.Value;
            product(gradient).Dispose();
            output.Dispose();
        }
    }

    [Fact]
    public void Product_AfterTheLayerWasCalledAgain_IsRefused()
    {
        var layer = NSDropout(new());
        using var labels = LabelScope.Use(arange((long)Rows).remainder(Classes));
        var (_, product) = layer.Vjp(Input())!.Value;

        layer.call(Input(1));

        Assert.Equal(
            "the product of NSDropout must be computed before the layer is called again, which changes its masks, but got it afterwards; call forward, whose graph keeps them.",
            Assert.Throws<InvalidOperationException>(() => product(Input(2))).Message);
    }

    [Fact]
    public void Vjp_WithoutLabels_SaysThatTheyAreNeeded() =>
        Assert.Equal(
            Assert.Throws<InvalidOperationException>(() => NSDropout(new()).call(Input())).Message,
            Assert.Throws<InvalidOperationException>(() => NSDropout(new()).Vjp(Input())).Message);

    [Fact]
    public void Vjp_OfAWrongShape_SaysWhichIsRight() =>
        Assert.Equal(
            Assert.Throws<ArgumentException>(() => NSDropout(new()).call(randn(2, 3))).Message,
            Assert.Throws<ArgumentException>(() => NSDropout(new()).Vjp(randn(2, 3))).Message);

    private static (Tensor Output, Func<Tensor, Tensor> Product)? Vjp(nn.Module<Tensor, Tensor> layer, Tensor input) => ((IVjp)layer).Vjp(input);

    private static Tensor Input(int seed = 1) => Data.Normal(seed + 1, Rows, Features, ScalarType.Float32);

    private static nn.Module<Tensor, Tensor> Evaluating(nn.Module<Tensor, Tensor> layer)
    {
        layer.eval();
        return layer;
    }

    private static NSDropout NSDropout(NSDropoutOptions options)
    {
        var layer = nn.NSDropout(Features, Classes, 0.3, options);
        layer.CacheValidation(Data.Normal(9, 20, Features, ScalarType.Float32), arange(20L).remainder(Classes));
        return layer;
    }
}
