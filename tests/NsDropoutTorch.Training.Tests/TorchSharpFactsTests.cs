using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Checkpoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>
/// What the trainer and its checkpoints rely on in TorchSharp beyond its documentation, a fact each; the remark says who does. The layers' facts are in
/// <c>tests/NsDropoutTorch.Tests</c>.
/// </summary>
public sealed class TorchSharpFactsTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<string> Optimizers => [.. Makers.Keys];

    // Those whose state is several tensors, one, and none.
    private static Dictionary<string, Func<Parameter, optim.Optimizer>> Makers { get; } = new(StringComparer.Ordinal)
    {
        ["Adam"] = weights => optim.Adam([weights], 0.1),
        ["Adam, amsgrad"] = weights => optim.Adam([weights], 0.1, amsgrad: true),
        ["AdamW"] = weights => optim.AdamW([weights], 0.1),
        ["SGD, momentum"] = weights => optim.SGD([weights], 0.1, momentum: 0.9),
        ["SGD"] = weights => optim.SGD([weights], 0.1),
        ["RMSProp"] = weights => optim.RMSProp([weights], momentum: 0.5, centered: true),
        ["Adagrad"] = weights => optim.Adagrad([weights]),
    };

    public void Dispose() => scope.Dispose();

    // RunState: of normal draws, which come in pairs, one may be left over.
    [Fact]
    public void RandomState_SetBack_RepeatsUniformAndNormalDraws()
    {
        randn(3);
        var state = get_rng_state();
        var drawn = Draws();
        Assert.Equal(drawn, Draws(after: () => set_rng_state(state)));
        Assert.Equal(ScalarType.Byte, state.dtype);

        static float[] Draws(Action? after = null)
        {
            after?.Invoke();
            return [.. randn(3).data<float>(), .. rand(2).data<float>(), .. randn(20).data<float>()];
        }
    }

    // RunState: training goes on to the same bits.
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void OptimizerState_WrittenAndRead_GoesOnToTheSameBits(string name)
    {
        using var first = new BestSoFar(Makers[name]);
        using var second = new BestSoFar(Makers[name]);
        first.Step(3);
        second.Read(first.State());
        using (no_grad()) second.Weights.copy_(first.Weights);
        first.Step(3);
        second.Step(3);
        Assert.Equal(first.Weights.data<float>().ToArray(), second.Weights.data<float>().ToArray());
    }

    // RunState reads it outside of its own scope.
    [Theory]
    [InlineData("Adam, amsgrad")]
    [InlineData("SGD, momentum")]
    [InlineData("RMSProp")]
    public void OptimizerState_ReadInAScope_EndsWithIt(string name)
    {
        using var first = new BestSoFar(Makers[name]);
        using var second = new BestSoFar(Makers[name]);
        first.Step(1);
        using (NewDisposeScope()) second.Read(first.State());
        Assert.Throws<InvalidOperationException>(() => second.Step(1));
    }

    // TrainingRun takes each step in a scope of its own.
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void OptimizerStateAndGradients_MadeInAScope_OutliveIt(string name)
    {
        using var descent = new BestSoFar(Makers[name]);
        descent.Step(2);
        Assert.Equal([1f, 2, 3], descent.Weights.grad!.data<float>().ToArray());
    }

    // RunState puts zeros where there were gradients; an optimizer passes over a parameter that has none.
    [Fact]
    public void ZeroGrad_Zeroes_AndLeavesMissingGradientsMissing()
    {
        var (used, unused) = (new Parameter(ones(1)), new Parameter(ones(1)));
        using var optimizer = optim.SGD([used, unused], 0.1, weight_decay: 1);
        used.sum().backward();
        optimizer.zero_grad();
        optimizer.step();
        Assert.Equal(0, used.grad!.item<float>());
        Assert.Null(unused.grad);
        Assert.Equal((0.9f, 1f), (used.item<float>(), unused.item<float>()));
    }

    // RunState, and why clipping opens a scope.
    [Fact]
    public void Grad_CanBeSetAndTakenAway_AndIsAnotherWrapperOfTheSameMemoryEachTime()
    {
        var weights = new Parameter(ones(1));
        weights.grad = full(1, 2f);
        Assert.NotSame(weights.grad, weights.grad);
        weights.grad!.mul_(3);
        Assert.Equal(6, weights.grad!.item<float>());
        weights.grad = null;
        Assert.Null(weights.grad);
    }

    // TrainingRun.SetLearningRate.
    [Fact]
    public void ParameterGroup_RemembersTheRateItBeganWith()
    {
        using var optimizer = optim.Adam([new Parameter(ones(1))], 0.1);
        var group = Assert.Single(optimizer.ParamGroups);
        group.LearningRate = 0.5;
        Assert.Equal((0.5, 0.1), (group.LearningRate, group.InitialLearningRate));
    }

    // RunSettings.
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void OptimizersOptions_AreNumbersInPublicFieldsAndProperties(string name)
    {
        using var optimizer = Makers[name](new Parameter(ones(1)));
        var options = Assert.IsAssignableFrom<ParamGroup>(Assert.Single(optimizer.ParamGroups)).Options;
        var members = options.GetType().GetProperties().Select(property => property.Name)
            .Concat(options.GetType().GetFields().Select(field => field.Name))
            .ToList();
        Assert.Contains("LearningRate", members);
        Assert.Contains("weight_decay", members);
    }

    // BestWeights writes into them.
    [Fact]
    public void StateDict_HoldsTheTensorsOfTheModelThemselves()
    {
        using var layer = nn.Linear(2, 1);
        Assert.Same(layer.weight, layer.state_dict()["weight"]);
    }

    // TensorEntry, for whatever callbacks remember.
    [Theory]
    [InlineData(ScalarType.Bool)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void WrittenTensors_AreReadInTheirOwnTypeAndShape(ScalarType type)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["a"] = ones(2, 3).to(type), ["b"] = zeros([], type), ["c"] = zeros(0, type) };
        using var file = new MemoryStream();
        nn.Module.save_state_dict(new BinaryWriter(file), tensors);
        file.Position = 0;
        using var reader = new BinaryReader(file);
        Assert.Equal(tensors.Count, reader.Read7BitEncodedInt64());
        foreach (var (name, tensor) in tensors)
        {
            Assert.Equal(name, reader.ReadString());
            Assert.True(tensor.Equals(TensorExtensionMethods.Load(reader)));
        }
    }

    // BatchSource.FromLoader: the batches of an epoch, the smaller last one among them.
    [Fact]
    public void CountOfALoader_IsOfBatches()
    {
        using var data = torch.utils.data.TensorDataset(ones(10, 2), zeros(10));
        using var loader = torch.utils.data.DataLoader(data, 4);
        Assert.Equal([3, 3, 3], [loader.Count, loader.Select(_ => 1).Sum(), loader.Select(_ => 1).Sum()]);
    }

    // Seeding and DeviceChoice ask on every machine.
    [Fact]
    public void Cuda_WhereThereIsNone_IsUnavailableAndCountsNoDevice() => Assert.Equal(cuda.is_available(), cuda.device_count() > 0);

    private sealed class BestSoFar : IDisposable
    {
        private readonly optim.Optimizer optimizer;

        public BestSoFar(Func<Parameter, optim.Optimizer> make) => optimizer = make(Weights);

        public Parameter Weights { get; } = new(ones(3).DetachFromDisposeScope());

        public void Step(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var step = NewDisposeScope();
                optimizer.zero_grad();
                (Weights * tensor(new[] { 1f, 2, 3 })).sum().backward();
                optimizer.step();
            }
        }

        public byte[] State()
        {
            using var file = new MemoryStream();
            using var writer = new BinaryWriter(file);
            ((OptimizerHelper)optimizer).save_state_dict(writer);
            writer.Flush();
            return file.ToArray();
        }

        public void Read(byte[] state)
        {
            using var reader = new BinaryReader(new MemoryStream(state));
            ((OptimizerHelper)optimizer).load_state_dict(reader);
        }

        public void Dispose()
        {
            optimizer.Dispose();
            Weights.Dispose();
        }
    }
}
