using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training.Chains;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.Chains;

/// <summary>Autograd is the oracle: outputs, gradients, draws and states of layers are its own to the bit.</summary>
public sealed class LayerChainTests : IDisposable
{
    private const int Rows = 24;
    private const int Features = 9; // Of no vector's length.
    private const int Hidden = 21;
    private const int Classes = 5;

    private readonly DisposeScope scope = NewDisposeScope();

    private static Dictionary<string, Func<nn.Module<Tensor, Tensor>>> Layers { get; } = new(StringComparer.Ordinal)
    {
        ["nothing"] = nn.Identity,
        ["Dropout"] = () => nn.Dropout(0.3),
        ["Dropout in place"] = () => nn.Dropout(0.3, inplace: true),
        ["FastDropout"] = () => nn.FastDropout(0.3),
        ["FastDropout in place"] = () => nn.FastDropout(0.3, inplace: true),
        ["FastDropout of nothing"] = () => nn.FastDropout(0),
        ["FastDropout of all"] = () => nn.FastDropout(1),
        ["FastDropout that evaluates"] = () => Evaluating(nn.FastDropout(0.3)),
        ["NSDropout"] = () => nn.NSDropout(Hidden, Classes, 0.3),
        ["NSDropout as published"] = () => nn.NSDropout(Hidden, Classes, 0.3, NSDropoutOptions.Reference),
        ["NSDropout, label-free"] = () => nn.NSDropout(Hidden, Classes, 0.3, NSDropoutOptions.LabelFree),
        ["NSDropout, shared mask"] = () => nn.NSDropout(Hidden, Classes, 0.3, new() { SharedMask = true }),
        ["NSDropout, gap rates of classes"] = () => nn.NSDropout(Hidden, Classes, 0.3, new() { GapShare = 0.5 }),
        ["NSDropout, momentum"] = () => nn.NSDropout(Hidden, Classes, 0.3, new() { Momentum = 0.5 }),
        ["NSDropout, one factor"] = () => nn.NSDropout(Hidden, Classes, 0.3, new() { ScaleByCount = false }),
        ["NSDropout, gradient without factor"] = () => nn.NSDropout(Hidden, Classes, 0.3, new() { ScaleBackward = false }),
        ["NSDropout, warm-up of two steps"] = () => nn.NSDropout(Hidden, Classes, 0.3, new() { WarmupSteps = 2 }),
        ["NSDropout that evaluates"] = () => Evaluating(nn.NSDropout(Hidden, Classes, 0.3)),
        ["GaussianDropout"] = () => nn.GaussianDropout(0.3),
        ["DropConnectLinear"] = () => nn.DropConnectLinear(Hidden, Hidden, 0.3),
        ["ConcreteDropout"] = () => nn.ConcreteDropout(Hidden),
        ["StandoutLinear"] = () => nn.StandoutLinear(Hidden, Hidden),
        ["ReLU in place"] = () => nn.ReLU(inplace: true),
        ["LeakyReLU in place"] = () => nn.LeakyReLU(inplace: true),
        ["GELU"] = nn.GELU,
        ["BatchNorm1d"] = () => nn.BatchNorm1d(Hidden),
        ["LayerNorm"] = () => nn.LayerNorm(Hidden),
        ["linear layers in a row"] = () => nn.Sequential(nn.Linear(Hidden, 40), nn.Linear(40, Hidden, hasBias: false)),
        ["a nested chain"] = () => nn.Sequential(nn.Sequential(nn.Linear(Hidden, Hidden), nn.ReLU()), nn.FastDropout(0.2)),
        ["a module of one's own"] = () => new Doubler(),
        ["other shapes"] = () => nn.Sequential(nn.Unflatten(1, [3, 7]), nn.Linear(7, 7), nn.ReLU(), nn.Flatten()),
        ["float64 between"] = () => nn.Sequential(new To(ScalarType.Float64), nn.Tanh(), new To(ScalarType.Float32)),
        ["a transposed weight"] = TransposedWeight,
        ["no gradient through"] = () => new Detached(),
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    // Behind the only linear layer, the other one would leave nothing to train.
    public static TheoryData<string> NamesWithGradient => [.. Layers.Keys.Where(name => name != "no gradient through")];

    public void Dispose() => scope.Dispose();

    [Theory, MemberData(nameof(Names))]
    public void Steps_WithALayer_AreThoseOfAutograd(string name) => AssertTwins(() => Network(name));

    [Theory, MemberData(nameof(Names))]
    public void Steps_WithALayerInFront_AreThoseOfAutograd(string name)
    {
        AssertTwins(() => nn.Sequential(Layers[name](), nn.ReLU(), nn.Linear(Hidden, Classes)), Hidden);
    }

    [Theory, MemberData(nameof(NamesWithGradient))]
    public void Steps_WithALayerBehind_AreThoseOfAutograd(string name)
    {
        AssertTwins(() => nn.Sequential(nn.Linear(Features, Hidden), Layers[name]()));
    }

    [Theory]
    [InlineData("0.weight")]
    [InlineData("0.bias")]
    [InlineData("3.weight")]
    [InlineData("3.bias")]
    [InlineData("0.weight", "0.bias")]
    [InlineData("3.weight", "3.bias")]
    public void Steps_WithFrozenParameters_AreThoseOfAutograd(params string[] frozen) => AssertTwins(() =>
    {
        var model = Network("FastDropout");
        foreach (var (name, parameter) in model.named_parameters())
            parameter.requires_grad = !frozen.Contains(name, StringComparer.Ordinal);
        return model;
    });

    [Fact]
    public void Backward_ASecondTime_AddsToTheGradients()
    {
        var (one, other) = Twins(() => Network("FastDropout"));
        var chain = LayerChain.Of(other)!;
        for (var i = 0; i < 2; i++)
        {
            Step(one, null, i, Features);
            Step(other, chain, i, Features);
        }

        AssertSameGradients(one, other);
    }

    [Fact]
    public void Backward_OfALossThatReadsWeights_AddsToItsGradients()
    {
        var (one, other) = Twins(() => Network("nothing"));
        var chain = LayerChain.Of(other)!;

        static Tensor Loss(Tensor outputs, nn.Module model) => outputs.square().mean() + (model.parameters().First().square().sum() * 0.1);
        var input = randn(Rows, Features);
        Loss(one.call(input), one).backward();
        Loss(chain.Forward(input)!, other).backward();
        chain.Backward();

        AssertSameGradients(one, other);
    }

    [Fact]
    public void Backward_OfALossInPlace_IsThatOfAutograd()
    {
        var (one, other) = Twins(() => Network("nothing"));
        var chain = LayerChain.Of(other)!;
        var input = randn(Rows, Features);

        one.call(input).mul_(2).sigmoid_().sum().backward();
        chain.Forward(input)!.mul_(2).sigmoid_().sum().backward();
        chain.Backward();

        AssertSameGradients(one, other);
    }

    [Fact]
    public void Backward_OfALossWithoutOutputs_GivesNoGradients()
    {
        var model = Network("nothing");
        var chain = LayerChain.Of(model)!;

        chain.Forward(randn(Rows, Features));
        chain.Backward();

        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Steps_OfNumbersThatAreNone_AreThoseOfAutograd() => AssertTwins(
        () => Network("FastDropout"), Features, input => input.index_put_(float.NaN, TensorIndex.Single(3)).index_put_(float.PositiveInfinity, TensorIndex.Single(5)));

    private static nn.Module<Tensor, Tensor> Evaluating(nn.Module<Tensor, Tensor> layer)
    {
        layer.eval();
        return layer;
    }

    private static Linear TransposedWeight()
    {
        var layer = nn.Linear(Hidden, Hidden);
        layer.weight = new Parameter(layer.weight.detach().t().contiguous().t());
        return layer;
    }

    // A layer in place stands behind a linear one: autograd refuses to change what a ReLU has computed.
    private static Sequential Network(string name) => name.EndsWith("in place", StringComparison.Ordinal) || name == "a module of one's own"
        ? nn.Sequential(nn.Linear(Features, Hidden), Layers[name](), nn.Linear(Hidden, Hidden), nn.ReLU(), nn.Linear(Hidden, Classes))
        : nn.Sequential(nn.Linear(Features, Hidden), nn.ReLU(), Layers[name](), nn.Linear(Hidden, Hidden), nn.ReLU(), nn.Linear(Hidden, Classes));

    private static (Sequential One, Sequential Other) Twins(Func<Sequential> make)
    {
        var models = new Sequential[2];
        for (var i = 0; i < 2; i++)
        {
            manual_seed(1);
            models[i] = make();
        }

        return (models[0], models[1]);
    }

    private static void AssertTwins(Func<Sequential> make, int width = Features, Action<Tensor>? change = null)
    {
        var (one, other) = Twins(make);
        CaptureValidation(one, width);
        CaptureValidation(other, width);
        var chain = LayerChain.Of(other);
        Assert.NotNull(chain);

        for (var step = 0; step < 4; step++)
        {
            foreach (var parameter in one.parameters().Concat(other.parameters()))
                parameter.grad = null;
            var (expected, draw) = Step(one, null, step, width, change);
            Assert.Equal((expected, draw), Step(other, chain, step, width, change));
            AssertSameGradients(one, other);
        }

        foreach (var (mine, others) in one.state_dict().Zip(other.state_dict()))
            AssertSame(mine.Value, others.Value, mine.Key);
    }

    // The loss, and the number that torch's generator draws afterwards.
    private static (float Loss, float Draw) Step(Sequential model, LayerChain? chain, int step, int width, Action<Tensor>? change = null)
    {
        using var steps = NewDisposeScope();
        manual_seed(100 + step);
        var (input, labels) = (randn(Rows, width), randint(0, Classes, Rows));
        change?.Invoke(input);
        using var batch = LabelScope.Use(labels);
        var outputs = chain is null ? model.call(input) : chain.Forward(input)!;
        Assert.True(outputs.requires_grad);
        var loss = nn.functional.cross_entropy(outputs, labels);
        loss.backward();
        chain?.Backward();
        return (loss.item<float>(), rand(1).item<float>());
    }

    private static void CaptureValidation(Sequential model, int width)
    {
        if (!ValidationCapture.IsNeededBy(model)) return;
        var modes = model.modules().Select(module => (module, module.training)).ToList();
        model.eval();
        manual_seed(50);
        using var noGradients = no_grad();
        using var capture = ValidationCapture.Begin(model);
        using var labels = LabelScope.Use(randint(0, Classes, 40));
        model.call(randn(40, width));
        capture.Complete();
        modes.ForEach(mode => mode.module.train(mode.training));
    }

    private static void AssertSameGradients(Sequential one, Sequential other)
    {
        foreach (var ((name, mine), (_, others)) in one.named_parameters().Zip(other.named_parameters()))
        {
            Assert.Equal(mine.grad is null, others.grad is null);
            if (mine.grad is { } gradient) AssertSame(gradient, others.grad!, name);
        }
    }

    private static void AssertSame(Tensor expected, Tensor actual, string name) =>
        Assert.True(expected.eq(actual).logical_or(expected.ne(expected).logical_and(actual.ne(actual))).all().item<bool>(), name);

    // Takes part in chains, by autograd.
    private abstract class Own(string name) : nn.Module<Tensor, Tensor>(name), IVjp
    {
        public (Tensor Output, Func<Tensor, Tensor> Product)? Vjp(Tensor input) => null;
    }

    private sealed class Doubler() : Own(nameof(Doubler))
    {
        public override Tensor forward(Tensor input) => input.mul_(2).alias();
    }

    private sealed class Detached() : Own(nameof(Detached))
    {
        public override Tensor forward(Tensor input) => input.detach();
    }

    private sealed class To(ScalarType type) : Own(nameof(To))
    {
        public override Tensor forward(Tensor input) => input.to(type);
    }
}
