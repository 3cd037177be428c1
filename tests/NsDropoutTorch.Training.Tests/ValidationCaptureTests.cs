using NsDropoutTorch;
using NsDropoutTorch.Training.Data;
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

        Trainer.Fit(model, train, capture, Options, [new Recorder { EpochEnd = (_, _) => fed.Add(((ICapturesValidation)layer).HasValidation) }]);

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

        var e = Assert.Throws<ArgumentException>(() => Trainer.Fit(model, train, null, Options));

        Assert.Equal(
            "capture data must be given for a model with layers that learn from validation activations, but got none; set TrainingData.Capture.", e.Message);
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
                if (ValidationCapture.For(this) is not null)
                {
                    CapturedRows.Add(input.shape[0]);
                }
            }

            return inner.call(input);
        }
    }
}
