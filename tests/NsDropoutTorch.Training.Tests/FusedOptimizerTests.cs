using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>TorchSharp's optimizers are the oracle: a step of theirs is a dozen operators a parameter, each of which is tested there.</summary>
public sealed class FusedOptimizerTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<string> Pairs => [.. Makers.Keys];

    private static Dictionary<string, (Func<Parameter[], OptimizerHelper> Plain, Func<Parameter[], OptimizerHelper> Fused)> Makers { get; } = new(StringComparer.Ordinal)
    {
        ["Adam"] = (p => optim.Adam(p, 0.01), p => optim.FusedAdam(p, 0.01)),
        ["Adam, decay"] = (p => optim.Adam(p, 0.01, 0.8, 0.99, 1e-6, 0.1), p => optim.FusedAdam(p, 0.01, 0.8, 0.99, 1e-6, 0.1)),
        ["Adam, AMSGrad"] = (p => optim.Adam(p, 0.01, amsgrad: true), p => optim.FusedAdam(p, 0.01, amsgrad: true)),
        ["Adam, maximize"] = (p => optim.Adam(p, 0.01, maximize: true), p => optim.FusedAdam(p, 0.01, maximize: true)),
        ["Adam, maximize with decay"] = (p => optim.Adam(p, 0.01, weight_decay: 0.1, maximize: true), p => optim.FusedAdam(p, 0.01, weight_decay: 0.1, maximize: true)),
        ["AdamW, maximize with decay"] = (p => optim.AdamW(p, 0.01, weight_decay: 0.1, maximize: true), p => optim.FusedAdamW(p, 0.01, weight_decay: 0.1, maximize: true)),
        ["AdamW"] = (p => optim.AdamW(p, 0.01, weight_decay: 0.1), p => optim.FusedAdamW(p, 0.01, weight_decay: 0.1)),
        ["AdamW, AMSGrad"] = (p => optim.AdamW(p, 0.01, amsgrad: true), p => optim.FusedAdamW(p, 0.01, amsgrad: true)),
        ["SGD"] = (p => optim.SGD(p, 0.01), p => optim.FusedSGD(p, 0.01)),
        ["SGD, momentum"] = (p => optim.SGD(p, 0.01, 0.9), p => optim.FusedSGD(p, 0.01, 0.9)),
        ["SGD, dampening and decay"] = (p => optim.SGD(p, 0.01, 0.8, 0.3, 0.1), p => optim.FusedSGD(p, 0.01, 0.8, 0.3, 0.1)),
        ["SGD, Nesterov"] = (p => optim.SGD(p, 0.01, 0.9, weight_decay: 0.1, nesterov: true), p => optim.FusedSGD(p, 0.01, 0.9, weight_decay: 0.1, nesterov: true)),
        ["SGD, maximize"] = (p => optim.SGD(p, 0.01, 0.9, maximize: true), p => optim.FusedSGD(p, 0.01, 0.9, maximize: true)),
    };

    [Theory, MemberData(nameof(Pairs))]
    public void Step_AThousandTimes_IsThatOfTheBase(string name)
    {
        var (plain, fused) = (Start(Makers[name].Plain), Start(Makers[name].Fused));

        for (var i = 0; i < 1000; i++)
        {
            Step(i, plain);
            Step(i, fused);
        }

        AssertNear(plain.Parameters, fused.Parameters);
    }

    // TorchSharp's SGD cannot load its own state where it has no averages.
    public static TheoryData<string> PairsWithState => [.. Makers.Keys.Where(name => name != "SGD")];

    [Theory, MemberData(nameof(PairsWithState))]
    public void StateDict_OfTheBase_IsGoneOnWith(string name)
    {
        var (first, second) = (Start(Makers[name].Plain), Start(Makers[name].Fused));
        for (var i = 0; i < 20; i++)
        {
            Step(i, first);
        }

        foreach (var (target, source) in second.Parameters.Zip(first.Parameters))
        {
            using var noGradients = no_grad();
            target.copy_(source);
        }

        second.Optimizer.load_state_dict(first.Optimizer.state_dict());
        for (var i = 20; i < 40; i++)
        {
            Step(i, first);
            Step(i, second);
        }

        AssertNear(first.Parameters, second.Parameters);
    }

    [Fact]
    public void Step_GroupsWithRatesOfTheirOwn_AreKept()
    {
        OptimizerHelper Make(Parameter[] p, bool isFused)
        {
            Adam.ParamGroup[] groups = [new([p[0]], new Adam.Options { LearningRate = 0.1 }), new([p[1]], new Adam.Options { weight_decay = 0.1 })];
            return isFused ? optim.FusedAdam(groups, 0.01) : optim.Adam(groups, 0.01);
        }

        var (plain, fused) = (Start(p => Make(p, false)), Start(p => Make(p, true)));
        for (var i = 0; i < 30; i++)
        {
            foreach (var run in new[] { plain, fused })
            {
                run.Optimizer.ParamGroups.First().LearningRate = 0.1 / (i + 1);
                Step(i, run);
            }
        }

        AssertNear(plain.Parameters, fused.Parameters);
    }

    [Fact]
    public void Step_ParameterWithoutGradientAtTimes_CountsItsOwnSteps()
    {
        var (plain, fused) = (Start(p => optim.Adam(p, 0.01)), Start(p => optim.FusedAdam(p, 0.01)));
        for (var i = 0; i < 20; i++)
        {
            foreach (var run in new[] { plain, fused })
            {
                SetGradients(i, run.Parameters);
                run.Parameters[1].grad = i % 3 == 0 ? null : run.Parameters[1].grad;
                run.Optimizer.step();
            }
        }

        AssertNear(plain.Parameters, fused.Parameters);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.9)]
    public void Step_OfSGDWithGradientsAtTimes_IsThatOfTheBase(double momentum)
    {
        var (plain, fused) = (Start(p => optim.SGD(p, 0.01, momentum, dampening: 0.2)), Start(p => optim.FusedSGD(p, 0.01, momentum, dampening: 0.2)));
        for (var i = 0; i < 20; i++)
        {
            foreach (var run in new[] { plain, fused })
            {
                SetGradients(i, run.Parameters);
                run.Parameters[1].grad = i < 3 ? null : run.Parameters[1].grad;
                run.Optimizer.step();
            }
        }

        AssertNear(plain.Parameters, fused.Parameters);
    }

    [Theory]
    [InlineData(0.0, 0.0, 0.0, false)]
    [InlineData(0.0, 0.0, 0.1, false)]
    [InlineData(0.9, 0.0, 0.0, false)]
    [InlineData(0.9, 0.3, 0.1, false)]
    [InlineData(0.9, 0.0, 0.1, true)]
    public void Step_OfSGDInHostMemory_HasTheBitsOfTheBase(double momentum, double dampening, double decay, bool nesterov)
    {
        float[] Train(Func<Parameter[], OptimizerHelper> make)
        {
            manual_seed(1);
            Parameter[] parameters = [new(randn(70, 50)), new(randn(9)), new(randn(400, 400))];
            using var optimizer = make(parameters);
            for (var i = 0; i < 5; i++)
            {
                foreach (var parameter in parameters)
                    parameter.grad = randn_like(parameter);
                optimizer.step();
            }

            return [.. parameters.SelectMany(parameter => parameter.data<float>())];
        }

        Assert.Equal(Train(p => optim.SGD(p, 0.01, momentum, dampening, decay, nesterov)), Train(p => optim.FusedSGD(p, 0.01, momentum, dampening, decay, nesterov)));
    }

    [Fact]
    public void Step_OfSGDWithoutGradientsForLong_KeepsTheBitsOfTheBaseInParametersAndFadesToZeroInAverages()
    {
        static (float[] Weights, float[] Averages) Train(Func<Parameter[], SGD> make)
        {
            manual_seed(1);
            using var parameter = new Parameter(randn(21));
            using var optimizer = make([parameter]);
            for (var i = 0; i < 250; i++)
            {
                parameter.grad = i == 0 ? randn(21) : zeros(21);
                optimizer.step();
            }

            return ([.. parameter.data<float>()], [.. ((SGD.State)optimizer.state_dict().State.Single()).momentum_buffer.data<float>()]);
        }

        var expected = Train(p => optim.SGD(p, 0.01, 0.6));
        var actual = Train(p => optim.FusedSGD(p, 0.01, 0.6));

        Assert.Equal(expected.Weights, actual.Weights);
        Assert.Contains(expected.Averages, float.IsSubnormal);
        Assert.All(actual.Averages, average => Assert.Equal(0, average));
    }

    // TorchSharp's SGD adds the decay to the gradient that it climbs, and parameters grow.
    [Fact]
    public void Step_OfSGDThatMaximizesWithDecay_ShrinksParametersAsInPyTorch()
    {
        using var start = tensor(new[] { 2.0, -1.0 });
        using var parameter = new Parameter(start.clone());
        using var optimizer = optim.FusedSGD([parameter], 0.5, weight_decay: 0.1, maximize: true);
        parameter.grad = tensor(new[] { 1.0, 0.0 });

        optimizer.step();

        Assert.Equal([2 + (0.5 * (1 - 0.2)), -1 + (0.5 * 0.1)], parameter.data<double>().ToArray());
    }

    [Fact]
    public void Step_StridedGradient_IsThatOfTheBaseToTheBit()
    {
        var (plain, fused) = (Start(p => optim.Adam(p, 0.01)), Start(p => optim.FusedAdam(p, 0.01)));
        foreach (var run in new[] { plain, fused })
        {
            SetGradients(0, run.Parameters);
            run.Parameters[0].grad = run.Parameters[0].grad!.t().contiguous().t();
            run.Optimizer.step();
        }

        Assert.Equal(Values(plain.Parameters), Values(fused.Parameters));
    }

    [Fact]
    public void Step_Closure_GivesItsLossWithGradients()
    {
        var run = Start(p => optim.FusedAdam(p, 0.01));
        var loss = run.Optimizer.step(() =>
        {
            var value = run.Parameters[0].square().sum();
            value.backward();
            return value;
        });

        Assert.NotNull(loss);
        Assert.True(run.Parameters[0].square().sum().ToDouble() < loss.ToDouble());
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Step_AHundredTimes_LeavesNoTensorAndFewBytes(string name)
    {
        var run = Start(Makers[name].Fused);
        SetGradients(0, run.Parameters);
        run.Optimizer.step();
        var (live, bytes) = (DisposeScopeManager.Statistics.ThreadTotalLiveCount, GC.GetAllocatedBytesForCurrentThread());
        const int steps = 100;

        for (var i = 0; i < steps; i++)
        {
            using var step = NewDisposeScope();
            run.Optimizer.step();
        }

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - bytes) / steps, 0, 4000);
    }

    [Fact]
    public void Fit_Resumed_GivesTheBitsOfTheWholeRun()
    {
        using var folder = new TemporaryFolder();
        using var data = Models.Clouds(64, 1);
        float[] Fit(int epochs, params Callback[] callbacks)
        {
            using var model = Models.Mlp(nn.Dropout(0.2));
            var options = new TrainerOptions { Epochs = epochs, BatchSize = 16, ResumeFrom = folder.Root, Optimizer = parameters => optim.FusedAdam(parameters) };
            Trainer.Fit(model, data, null, options, callbacks);
            return Models.Weights(model);
        }

        var whole = Fit(4);
        Fit(2, new ModelCheckpoint(folder.Root));

        Assert.Equal(whole, Fit(4, new ModelCheckpoint(folder.Root)));
    }

    public void Dispose() => scope.Dispose();

    private static (Parameter[] Parameters, OptimizerHelper Optimizer) Start(Func<Parameter[], OptimizerHelper> make)
    {
        manual_seed(1);
        Parameter[] parameters = [new(randn(7, 5, ScalarType.Float64)), new(randn(9, ScalarType.Float64))];
        return (parameters, make(parameters));
    }

    private static void Step(int i, (Parameter[] Parameters, OptimizerHelper Optimizer) run)
    {
        SetGradients(i, run.Parameters);
        run.Optimizer.step();
    }

    // As if the loss were a parabola with noise.
    private static void SetGradients(int i, Parameter[] parameters)
    {
        using var generator = new Generator((ulong)i, CPU);
        foreach (var parameter in parameters)
        {
            parameter.grad = (parameter.detach() - 1) + (0.1 * randn(parameter.shape, ScalarType.Float64, generator: generator));
        }
    }

    private static double[] Values(Parameter[] parameters) => [.. parameters.SelectMany(parameter => parameter.data<double>().ToArray())];

    private static void AssertNear(Parameter[] expected, Parameter[] actual) =>
        Assert.All(Values(expected).Zip(Values(actual)), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-9 * Math.Max(1, Math.Abs(pair.First)), $"{pair}"));
}
