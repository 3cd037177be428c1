using NsDropoutTorch.Data;
using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training.Chains;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.Chains;

/// <summary>Where a model is no plain chain, or is one no longer, it is called.</summary>
public sealed class LayerChainConditionsTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<string> Hooks => ["before", "after", "before, module alone", "after, module alone"];

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Of_ASequentialWithALinearLayer_IsAChain() => Assert.NotNull(LayerChain.Of(nn.Sequential(nn.Flatten(), nn.Linear(4, 3))));

    [Fact]
    public void Of_AnotherModule_IsNone() => Assert.Null(LayerChain.Of(nn.Linear(4, 3)));

    [Fact]
    public void Of_AClassThatDerives_IsNone() => Assert.Null(LayerChain.Of(new Twice(nn.Linear(4, 4))));

    [Fact]
    public void Of_AModelWithoutLinearLayers_IsNone() => Assert.Null(LayerChain.Of(nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU())));

    [Fact]
    public void Of_AModelWithoutLayers_IsNone() => Assert.Null(LayerChain.Of(nn.Sequential(Array.Empty<nn.Module<Tensor, Tensor>>())));

    [Fact]
    public void Of_ALayerInTwoPlaces_IsNone()
    {
        var layer = nn.Linear(4, 4);
        Assert.Null(LayerChain.Of(nn.Sequential(layer, nn.ReLU(), layer)));
    }

    [Fact]
    public void Of_AParameterInTwoPlaces_IsNone()
    {
        var (first, second) = (nn.Linear(4, 4), nn.Linear(4, 4));
        second.weight = first.weight;
        Assert.Null(LayerChain.Of(nn.Sequential(first, nn.ReLU(), second)));
    }

    [Fact]
    public void Of_ALayerOfAnotherProgram_IsNone() => Assert.Null(LayerChain.Of(nn.Sequential(nn.Linear(4, 4), new Squares(), nn.Linear(4, 3))));

    // A term that a layer computes for the loss, as that of a variational network.
    [Fact]
    public void Fit_ATermOfALayer_ReachesTheLayersBeforeIt()
    {
        using var data = Models.Clouds(32, 1);
        var squares = new Squares();
        var withTerm = nn.Sequential(nn.Linear(4, 3), squares);
        withTerm.load_state_dict(new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["0.weight"] = zeros(3, 4), ["0.bias"] = ones(3) });

        Trainer.Fit(withTerm, data, null, new TrainerOptions { Epochs = 1, BatchSize = 32, Objective = new((outputs, _) => (outputs * 0).sum() + squares.Term!), Optimizer = p => optim.SGD(p, 1) });

        Assert.Equal([-1f, -1f, -1f], ((Linear)withTerm[0]).bias!.data<float>().ToArray()); // Of Σb² the gradient is 2b.
    }

    [Theory, MemberData(nameof(Hooks))]
    public void Forward_WithAHookSomewhere_LeavesTheModelToBeCalled(string kind)
    {
        var inner = nn.Sequential(nn.Linear(4, 4));
        var model = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.FastDropout(), nn.Tanh(), inner, nn.Identity(), nn.Linear(4, 3));
        var chain = LayerChain.Of(model)!;
        foreach (var module in model.modules().Prepend(model).Cast<nn.Module<Tensor, Tensor>>())
        {
            var remove = kind switch
            {
                "before" => module.register_forward_pre_hook((_, input) => input),
                "after" => module.register_forward_hook((_, _, output) => output),
                "before, module alone" => module.register_forward_pre_hook(_ => { }),
                _ => module.register_forward_hook(_ => { }),
            };

            Assert.Null(chain.Forward(randn(2, 4)));
            remove.remove();
            Assert.NotNull(chain.Forward(randn(2, 4)));
        }
    }

    [Fact]
    public void Forward_OfInputsThatAreNotPlain_LeavesTheModelToBeCalled()
    {
        var chain = LayerChain.Of(nn.Sequential(nn.Linear(4, 3)))!;

        Assert.Null(chain.Forward(randn(2, 4, requires_grad: true)));
        Assert.Null(chain.Forward(randn(4, 2).t()));
        Assert.Null(chain.Forward(randn(2, 4, dtype: ScalarType.Float64)));
        using (no_grad())
            Assert.Null(chain.Forward(randn(2, 4)));
        Assert.NotNull(chain.Forward(randn(2, 4)));
    }

    [Fact]
    public void Forward_AfterALayerWasAppended_LeavesTheModelToBeCalled()
    {
        var inner = nn.Sequential(nn.Linear(4, 4));
        var chain = LayerChain.Of(nn.Sequential(inner, nn.Linear(4, 3)))!;

        inner.append(nn.Tanh());

        Assert.Null(chain.Forward(randn(2, 4)));
    }

    [Fact]
    public void Forward_OfAModelThatIsFrozen_HasNoGradient()
    {
        var model = nn.Sequential(nn.Linear(4, 3), nn.ReLU());
        foreach (var parameter in model.parameters())
            parameter.requires_grad = false;

        Assert.False(LayerChain.Of(model)!.Forward(randn(2, 4))!.requires_grad);
    }

    [Fact]
    public void Fit_WithAndWithoutAHook_HasTheSameWeights()
    {
        var plain = Fitted(_ => { });
        var hooks = 0;
        var hooked = Fitted(model => model.register_forward_hook((_, _, output) =>
        {
            hooks++;
            Assert.True(output.requires_grad || !is_grad_enabled());
            return output;
        }));

        Assert.Equal(plain, hooked);
        Assert.Equal(5 * (4 + 1), hooks); // Four steps and a pass over the validation part.
    }

    [Fact]
    public void Fit_WithAHookThatChangesOutputs_TrainsWithThem()
    {
        var plain = Fitted(_ => { });
        var zeros = Fitted(model => ((nn.Module<Tensor, Tensor>)model.children().First()).register_forward_hook((_, _, output) => output * 0));
        var weights = Models.Weights(Models.Mlp());

        Assert.NotEqual(weights[0], plain[0]);
        Assert.Equal(weights[0], zeros[0]);
    }

    [Fact]
    public void Fit_WithPenalties_HasTheWeightsOfACalledModel()
    {
        TrainerOptions options = Options with { Penalties = [new("hidden") { WeightL1 = 1e-3, WeightL2 = 1e-2 }] };

        Assert.Equal(Fitted(model => model.register_forward_hook((_, _, output) => output), options), Fitted(_ => { }, options));
    }

    [Fact]
    public void Fit_InPieces_HasTheWeightsOfACalledModel()
    {
        TrainerOptions options = Options with { MicroBatches = 3 };

        Assert.Equal(Fitted(model => model.register_forward_hook((_, _, output) => output), options), Fitted(_ => { }, options));
    }

    private static TrainerOptions Options => new() { Epochs = 5, BatchSize = 12 };

    private static float[] Fitted(Action<nn.Module<Tensor, Tensor>> prepare, TrainerOptions? options = null)
    {
        using var data = Models.Clouds(48, 1);
        using var validation = Models.Clouds(24, 2);
        var model = Models.Mlp(nn.NSDropout(16, 3, 0.25));
        prepare(model);
        Seeding.Seed(3);
        Trainer.Fit(model, data, validation, options ?? Options, [], maskStatistics: validation);
        return Models.Weights(model);
    }

    private sealed class Squares() : nn.Module<Tensor, Tensor>(nameof(Squares))
    {
        public Tensor? Term { get; private set; }

        public override Tensor forward(Tensor input)
        {
            Term = input.square().sum(1).mean();
            return input.alias();
        }
    }

    private sealed class Twice(nn.Module<Tensor, Tensor> layer) : Sequential(layer)
    {
        public override Tensor forward(Tensor input) => base.forward(input) * 2;
    }
}
