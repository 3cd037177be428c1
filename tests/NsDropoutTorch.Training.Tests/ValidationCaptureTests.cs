using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class ValidationCaptureTests
{
    private static readonly TrainerOptions Options = new() { Epochs = 2, BatchSize = 32 };

    [Fact]
    public void Fit_LayerThatCaptures_IsFedAfterEachEpoch()
    {
        using var train = Models.Clouds(64, 1);
        using var capture = Models.Clouds(32, 2);
        using var layer = nn.NSDropout(16, 3, 0.25);
        using var model = Models.Mlp(layer);
        var fed = new List<bool>();

        Trainer.Fit(model, train, null, Options, [new Recorder { EpochEnd = (_, _) => fed.Add(((ICapturesValidation)layer).HasValidation) }], maskStatistics: capture);

        Assert.Equal([true, true], fed);
    }

    [Fact]
    public void Fit_CaptureAndSelectionApart_CapturesOnlyTheCapturePart()
    {
        using var train = Models.Clouds(64, 1);
        using var capture = Models.Clouds(32, 2);
        using var selection = Models.Clouds(48, 3);
        using var together = new Spy();
        using var apart = new Spy();

        Trainer.Fit(together, new TrainingData(train, capture, capture), Options with { Epochs = 1 });
        Trainer.Fit(apart, new TrainingData(train, capture, selection), Options with { Epochs = 1 });

        Assert.Equal([32], together.EvalRows);
        Assert.Equal([32], together.CapturedRows);
        Assert.Equal([32, 48], apart.EvalRows);
        Assert.Equal([32], apart.CapturedRows);
    }

    [Fact]
    public void Fit_LayerThatCapturesWithoutCapturePart_SaysSo()
    {
        using var train = Models.Clouds(64, 1);
        using var model = Models.Mlp(nn.NSDropout(16, 3, 0.25));

        var e = Assert.Throws<ArgumentException>(() => Trainer.Fit(model, train, validation: train, Options));

        Assert.Equal(
            "mask statistics must be given for a model with layers that learn from validation activations (NSDropout), but got none; take them off the training part by "
                + "var (fit, statistics) = train.Split(0.2) and pass maskStatistics: statistics, or set TrainingData.MaskStatistics; their labels choose masks, so they are never the part whose error you report.", e.Message);
    }

    /// <summary>The pass of the second epoch throws after its batches went through the model; what the first captured must stay.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fit_ValidationPassThrows_KeepsTheFormerStatisticsToTheBit(bool together)
    {
        using var train = Models.Clouds(64, 1);
        using var capture = Models.Clouds(32, 2);
        using var selection = Models.Clouds(48, 3);
        using var layer = nn.NSDropout(16, 3, 0.25);
        using var bomb = new Bomb();
        using var model = nn.Sequential(Models.Mlp(layer), bomb);
        Dictionary<string, Tensor> former = [];
        var recorder = new Recorder
        {
            EpochEnd = (_, _) =>
            {
                former = State(layer).ToDictionary(entry => entry.Key, entry => entry.Value.clone().DetachFromDisposeScope());
                bomb.Armed = true;
            },
        };

        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Throws<InvalidTimeZoneException>(
            () => Trainer.Fit(model, new TrainingData(train, capture, together ? capture : selection), Options, [recorder]));

        Assert.Equal(before + former.Count, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.NotEmpty(former);
        Assert.All(State(layer), entry => Assert.True(entry.Value.equal(former[entry.Key]).all().item<bool>(), entry.Key));
        Assert.Null(ValidationCapture.Current);
        foreach (var tensor in former.Values)
        {
            tensor.Dispose();
        }

        // Training itself changes masks and counts its steps.
        static IEnumerable<KeyValuePair<string, Tensor>> State(nn.Module layer) =>
            layer.state_dict().Where(entry => entry.Key.StartsWith("validation_", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_NoSampleReachesALayerThatCaptures_SaysSo()
    {
        using var train = Models.Clouds(64, 1);
        using var model = new Unused(nn.NSDropout(16, 3, 0.25));

        var e = Assert.Throws<InvalidOperationException>(() => Trainer.Fit(model, train, null, Options, maskStatistics: train));

        Assert.StartsWith("ValidationCapture.Complete needs a sample that reached the layers of the model, but there was none:", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Throws in eval mode while it is armed.</summary>
    private sealed class Bomb() : nn.Module<Tensor, Tensor>(nameof(Bomb))
    {
        public bool Armed { get; set; }

        public override Tensor forward(Tensor input) => Armed && !training ? throw new InvalidTimeZoneException("from the model") : input.alias();
    }

    /// <summary>Holds a layer and never calls it.</summary>
    private sealed class Unused : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> inner = nn.Linear(4, 3);

        public Unused(nn.Module<Tensor, Tensor> layer)
            : base(nameof(Unused))
        {
            register_module("layer", layer);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => inner.call(input);
    }

    /// <summary>A model that asks for captures and notes the passes it sees.</summary>
    private sealed class Spy : nn.Module<Tensor, Tensor>, ICapturesValidation
    {
        private readonly nn.Module<Tensor, Tensor> inner = nn.Linear(4, 3);

        public Spy()
            : base(nameof(Spy)) => RegisterComponents();

        public List<long> EvalRows { get; } = [];

        public List<long> CapturedRows { get; } = [];

        public bool HasValidation => false;

        public void CacheValidation(ValidationStatistics statistics) => statistics.Dispose();

        public override Tensor forward(Tensor input)
        {
            if (!training)
            {
                EvalRows.Add(input.shape[0]);
                if (ValidationCapture.For(this) is { } capture)
                {
                    CapturedRows.Add(input.shape[0]);
                    using var labels = zeros(input.shape[0], ScalarType.Int64);
                    capture.Record(this, ValidationStatistics.Of(input, labels, 1));
                }
            }

            return inner.call(input);
        }
    }
}
