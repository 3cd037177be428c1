using NsDropoutTorch.Data;
using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class LowPrecisionTests : IDisposable
{
    private const double Rate = 0.05;

    private readonly TensorData train = Models.Clouds(96, 1);
    private readonly TensorData validation = Models.Clouds(40, 2);
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Fit_IsAHandWrittenLoopWithFloat32Weights(ScalarType type)
    {
        using var expected = Models.Mlp();
        var losses = HandWritten(expected, type, 5);

        using var actual = Models.Mlp();
        var result = Trainer.Fit(actual, train, validation, Options(type) with { Epochs = 5, BatchSize = null });

        Assert.Equal(losses, result.History.Select(record => (float)record.TrainLoss));
        Assert.Equal(Models.Weights(expected), Models.Weights(actual));
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Fit_ValidatesAndLeavesTheFloat32Weights(ScalarType type)
    {
        using var model = Models.Mlp();

        var result = Trainer.Fit(model, train, validation, Options(type) with { Epochs = 12 });

        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        Assert.Contains(Models.Weights(model), weight => weight != Rounded(weight, type));
        Assert.Equal(Trainer.Evaluate(model, validation).Loss, result.History[^1].SelectionLoss);
        Assert.InRange(result.History[^1].TrainLoss, 0, result.History[0].TrainLoss / 2);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Fit_Resumed_GivesTheBitsOfTheWholeRun(ScalarType type)
    {
        using var whole = Models.Mlp(nn.BatchNorm1d(16));
        Trainer.Fit(whole, train, validation, Options(type));
        using (var interrupted = Models.Mlp(nn.BatchNorm1d(16)))
        {
            var failing = new Recorder { StepEnd = context => _ = context.Iteration == 11 ? throw new InvalidTimeZoneException() : 0 };
            Assert.Throws<InvalidTimeZoneException>(() => Trainer.Fit(interrupted, train, validation, Options(type), [new ModelCheckpoint(folder.Root) { EverySteps = 1 }, failing]));
        }

        using var resumed = Models.Mlp(nn.BatchNorm1d(16));
        Trainer.Fit(resumed, train, validation, Options(type) with { ResumeFrom = folder.Root });

        Assert.Equal(Models.Weights(whole), Models.Weights(resumed));
    }

    [Fact]
    public void MicroBatches_AddUpInFloat32()
    {
        using var whole = Models.Mlp();
        using var pieces = Models.Mlp();

        Trainer.Fit(whole, train, null, Options(null) with { Epochs = 1, BatchSize = null });
        Trainer.Fit(pieces, train, null, Options(ScalarType.BFloat16) with { Epochs = 1, BatchSize = null, MicroBatches = 96 });

        // Each of 96 gradients has 8 bits; a sum in bfloat16 would lose those of a hundredth of it.
        using var before = Models.Mlp();
        Assert.All(
            Models.Weights(before).Zip(Models.Weights(whole), Models.Weights(pieces)),
            weight => Assert.Equal(weight.Second - weight.First, weight.Third - weight.First, 2e-4));
    }

    [Fact]
    public void BatchNorm_KeepsItsOwnTypeAndGetsRoundedInputs()
    {
        var types = new List<ScalarType>();
        using var norm = nn.BatchNorm1d(16);
        using var model = Models.Mlp(norm);
        norm.register_forward_hook((_, input, output) =>
        {
            types.AddRange([input.dtype, norm.weight!.dtype, norm.running_mean!.dtype, output.dtype]);
            return output;
        });

        Trainer.Fit(model, train, null, Options(ScalarType.BFloat16) with { Epochs = 1, BatchSize = null });

        Assert.Equal([ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float32, ScalarType.BFloat16], types);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Layers_OfEveryKind_Learn(ScalarType type)
    {
        using var images = new TensorData(train.Inputs.reshape(-1, 1, 2, 2), train.Labels.alias());
        using var convolutional = nn.Sequential(
            ("conv", nn.Conv2d(1, 16, 3, padding: 1)), ("norm", nn.BatchNorm2d(16)), ("drop", nn.NSDropout2d(16, 3, 0.25)), ("flat", nn.Flatten()),
            ("connect", nn.DropConnectLinear(64, 16, 0.2)), ("layernorm", nn.LayerNorm(16)), ("concrete", nn.ConcreteDropout(16)), ("output", nn.Linear(16, 3)));

        var result = Trainer.Fit(convolutional, images, images, Options(type) with { Epochs = 20 }, maskStatistics: images);

        Assert.InRange(result.History[^1].TrainLoss, 0, result.History[0].TrainLoss / 2);
    }

    [Fact]
    public void OwnStep_ThroughALayerThatIsNoTensorToTensor_GetsRoundedInputs()
    {
        manual_seed(1);
        using var model = new Recurrent();

        var result = Trainer.Fit(
            model,
            BatchSource.FromTensors(train.Inputs, train.Labels),
            batch => nn.functional.cross_entropy(model.Output.call(model.Hidden.call(batch[0].unsqueeze(1), null).Item1.select(1, 0)).to(ScalarType.Float32), batch[1]),
            Options(ScalarType.BFloat16) with { Epochs = 10, Optimizer = parameters => optim.Adam(parameters, 0.02) });

        Assert.InRange(result.History[^1].TrainLoss, 0, result.History[0].TrainLoss / 2);
    }

    [Fact]
    public void Float16_GradientsOverflow_LeavesTheStepOutAndHalvesTheScale()
    {
        manual_seed(1);
        using var model = nn.Linear(4, 1);
        var weights = new List<float[]>();
        // Gradients are in the hundreds: 65,536 times that is too much for float16, and so are half and a quarter of it.
        using var data = new TensorData(full([8, 4], 30f), full([8, 1], 1f));
        var options = Options(ScalarType.Float16) with { Epochs = 16, BatchSize = null, Objective = Objective.Regression, Optimizer = parameters => optim.SGD(parameters, 1e-6) };

        Trainer.Fit(model, data, null, options, [new Recorder { StepEnd = context => weights.Add(Models.Weights(context.Model)) }]);

        var firstTaken = Enumerable.Range(1, weights.Count - 1).First(step => !weights[step].SequenceEqual(weights[0]));
        Assert.InRange(firstTaken, 3, 12);
        Assert.All(Enumerable.Range(firstTaken, weights.Count - firstTaken), step => Assert.NotEqual(weights[step - 1], weights[step]));
        Assert.All(weights, step => Assert.All(step, weight => Assert.True(float.IsFinite(weight))));
    }

    [Fact]
    public void TiedWeights_AreRoundedOnce()
    {
        using var shared = nn.Linear(4, 4);
        using var model = nn.Sequential(("a", shared), ("b", shared), ("c", nn.Linear(4, 3)));

        var result = Trainer.Fit(model, train, null, Options(ScalarType.BFloat16) with { Epochs = 10 });

        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        Assert.InRange(result.History[^1].TrainLoss, 0, result.History[0].TrainLoss / 2);
    }

    [Fact]
    public void Fit_WhenAStepThrows_LeavesAFloat32ModelAndNoTensor()
    {
        using var model = Models.Mlp();
        using var wrong = new TensorData(rand(96, 5), train.Labels.alias());
        void Fail() => Assert.ThrowsAny<Exception>(() => Trainer.Fit(model, wrong, null, Options(ScalarType.BFloat16)));
        Fail();
        var (before, weights) = (DisposeScopeManager.Statistics.ThreadTotalLiveCount, Models.Weights(model));

        Fail();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        Assert.Equal(weights, Models.Weights(model));
        Trainer.Predict(model, train.Inputs).Dispose();
    }

    [Fact]
    public void Fit_WhenDone_LeavesNoTensorBehind()
    {
        using var model = Models.Mlp();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Trainer.Fit(model, train, validation, Options(ScalarType.Float16));

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Precision_OfNoShortFloat_IsRefused() =>
        Broken.Says("Precision must be BFloat16, Float16 or null, but got Int32.", () => _ = new TrainerOptions { Precision = ScalarType.Int32 });

    [Fact]
    public void Precision_OfAModelThatIsNotFloat32_IsRefused()
    {
        using var model = Models.Mlp();
        model.to(ScalarType.BFloat16);

        Broken.Says(
            "Precision needs a model whose parameters are Float32, to which the steps of the optimizer are added, but hidden.weight is BFloat16; build the model in Float32, or leave Precision null.",
            () => Trainer.Fit(model, train, null, Options(ScalarType.BFloat16)));
    }

    [Fact]
    public void Precision_ThatALayerDoesNotHave_IsRefusedWithTheRepair()
    {
        using var model = nn.Sequential(("hidden", nn.Linear(4, 3)), ("inverse", new Inverse()));

        var refused = Assert.Throws<ArgumentException>(() => Trainer.Fit(model, train, null, Options(ScalarType.Float16)));

        Assert.StartsWith("Precision must be a type in which cpu computes all layers of the model, but got Float16 (", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("); leave it null, or take another type or device.", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        train.Dispose();
        validation.Dispose();
        folder.Dispose();
    }

    private static TrainerOptions Options(ScalarType? type) =>
        new() { Epochs = 6, BatchSize = 16, Precision = type, Optimizer = parameters => optim.SGD(parameters, Rate, momentum: type is null ? 0 : 0.5) };

    private static float Rounded(float value, ScalarType type)
    {
        using var scope = NewDisposeScope();
        return tensor(value).to(type).to(ScalarType.Float32).item<float>();
    }

    /// <summary>SGD whose gradients are those of a copy of the model in <paramref name="type"/>, all data at once, written without the trainer; the losses.</summary>
    private float[] HandWritten(nn.Module<Tensor, Tensor> model, ScalarType type, int steps)
    {
        using var scope = NewDisposeScope();
        using var optimizer = optim.SGD(model.parameters(), Rate, momentum: 0.5);
        var scale = type == ScalarType.Float16 ? 65536 : 1;
        return [.. Enumerable.Range(0, steps).Select(_ => Step())];

        float Step()
        {
            using var copy = Models.Mlp();
            copy.load_state_dict(model.state_dict());
            copy.to(type);
            var loss = nn.functional.cross_entropy(copy.call(train.Inputs.to(type)).to(ScalarType.Float32), train.Labels);
            (loss * scale).backward();
            foreach (var (weight, rounded) in model.parameters().Zip(copy.parameters()))
            {
                weight.grad = rounded.grad!.to(ScalarType.Float32) / scale;
            }

            optimizer.step();
            return loss.item<float>();
        }
    }

    private sealed class Recurrent : nn.Module
    {
        public Recurrent()
            : base(nameof(Recurrent)) => RegisterComponents();

        public LSTM Hidden { get; } = nn.LSTM(4, 8, batchFirst: true);

        public Linear Output { get; } = nn.Linear(8, 3);
    }

    private sealed class Inverse() : nn.Module<Tensor, Tensor>(nameof(Inverse))
    {
        public override Tensor forward(Tensor input) => input + linalg.inv(eye(3, dtype: input.dtype)).sum();
    }
}
