using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

/// <summary>A small training run that uses all that has to survive an interruption: random draws, layer state, momentum, decay, a smaller last batch.</summary>
internal static class Job
{
    public const int Samples = 90;
    public const int StepsPerEpoch = 6;

    public static TrainerOptions Options { get; } = new()
    {
        Epochs = 4,
        BatchSize = 16,
        Seed = 5,
        Schedule = new InverseTimeDecay(0.01),
        Optimizer = parameters => optim.SGD(parameters, 0.05, momentum: 0.9),
        Penalties = [new("hidden") { WeightL2 = 1e-3 }],
    };

    public static nn.Module<Tensor, Tensor> Model()
    {
        manual_seed(7);
        return nn.Sequential(
            ("hidden", nn.Linear(4, 16)),
            ("norm", nn.BatchNorm1d(16)),
            ("relu", nn.ReLU()),
            ("dropout", nn.Dropout(0.2)),
            ("nsdropout", nn.NSDropout(16, 3, 0.25, new NSDropoutOptions { Momentum = 0.1 })),
            ("output", nn.Linear(16, 3)));
    }

    public static Outcome Run(TrainerOptions? options = null, IReadOnlyList<Callback>? callbacks = null, CancellationToken cancellation = default)
    {
        using var model = Model();
        return Outcome.Of(model, Fit(model, options, callbacks, cancellation));
    }

    public static FitResult Fit(
        nn.Module<Tensor, Tensor> model, TrainerOptions? options = null, IReadOnlyList<Callback>? callbacks = null, CancellationToken cancellation = default)
    {
        using var train = Models.Clouds(Samples, 1);
        using var validation = Models.Clouds(40, 2);
        return Trainer.Fit(model, train, validation, options ?? Options, callbacks, validation, cancellation);
    }

    /// <summary>Runs until something is thrown after step <paramref name="iteration"/> and its checkpoint.</summary>
    public static void RunUntil(long iteration, TrainerOptions options, string folder, params Callback[] callbacks)
    {
        using var model = Model();
        FitUntil(iteration, model, options, folder, callbacks);
    }

    public static void FitUntil(long iteration, nn.Module<Tensor, Tensor> model, TrainerOptions options, string folder, params Callback[] callbacks) =>
        Assert.Throws<InvalidTimeZoneException>(() => Fit(model, options, [new ModelCheckpoint(folder) { EverySteps = 1 }, .. callbacks, new Breakdown(iteration)]));

    // Breaks down one step later, before the checkpoint of that step.
    private sealed class Breakdown(long iteration) : Callback
    {
        public override void OnStepEnd(FitContext context)
        {
            if (context.Iteration == iteration + 1)
            {
                throw new InvalidTimeZoneException("from the callback");
            }
        }
    }
}
