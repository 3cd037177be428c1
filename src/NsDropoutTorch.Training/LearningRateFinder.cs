using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Looks for a learning rate: trains some steps while the rate rises from very low to very high, and puts everything back as it was.
/// Source: Smith, "Cyclical Learning Rates for Training Neural Networks", 2017.
/// </summary>
public static class LearningRateFinder
{
    /// <summary>Steps before a rising loss counts as divergence, and before the steepest fall is looked for.</summary>
    private const int WarmUp = 10;

    /// <summary>How far the smoothed loss may rise over its lowest value before the search ends.</summary>
    private const double Divergence = 4;

    /// <summary>Searches with a model from tensors to tensors.</summary>
    /// <param name="model">The model; its weights, buffers and modes are put back.</param>
    /// <param name="train">What it is to be trained on.</param>
    /// <param name="options">How it is to be trained: optimizer, objective, batch size; schedules and resuming are left out.</param>
    /// <param name="lowest">The first rate, above 0.</param>
    /// <param name="highest">The last one, above the first.</param>
    /// <param name="steps">Steps from one to the other, at least 20; the search ends before where the loss diverges.</param>
    /// <param name="maskStatistics">As for <see cref="Trainer"/>: for models that learn from validation activations.</param>
    /// <exception cref="ArgumentException">A rate or the number of steps breaks its rule.</exception>
    public static LearningRateCurve Run(
        nn.Module<Tensor, Tensor> model, BatchSource train, TrainerOptions options, double lowest = 1e-7, double highest = 1, int steps = 100, TensorData? maskStatistics = null) =>
        Run(model, (how, callback) => Trainer.Fit(model, train, null, how, [callback], maskStatistics), options, (lowest, highest, steps));

    /// <summary>Searches with a step of one's own.</summary>
    /// <param name="model">The model; its weights, buffers and modes are put back.</param>
    /// <param name="train">What it is to be trained on.</param>
    /// <param name="step">As for <see cref="Trainer"/>: from a batch to its loss.</param>
    /// <param name="options">How it is to be trained: optimizer, batch size; schedules and resuming are left out.</param>
    /// <param name="lowest">The first rate, above 0.</param>
    /// <param name="highest">The last one, above the first.</param>
    /// <param name="steps">Steps from one to the other, at least 20; the search ends before where the loss diverges.</param>
    /// <typeparam name="TBatch">A batch.</typeparam>
    /// <exception cref="ArgumentException">A rate or the number of steps breaks its rule.</exception>
    public static LearningRateCurve Run<TBatch>(
        nn.Module model, BatchSource<TBatch> train, Func<TBatch, StepResult> step, TrainerOptions options, double lowest = 1e-7, double highest = 1, int steps = 100) =>
        Run(model, (how, callback) => Trainer.Fit(model, train, step, how, callbacks: [callback]), options, (lowest, highest, steps));

    private static LearningRateCurve Run(nn.Module model, Action<TrainerOptions, Callback> fit, TrainerOptions options, (double Lowest, double Highest, int Steps) range)
    {
        Require.Positive(range.Lowest, "lowest rate");
        Require.AtLeast(2 * WarmUp, range.Steps, "steps");
        if (!(range.Highest > range.Lowest))
        {
            throw Require.Broken(Invariant($"the highest rate must be above the lowest, {range.Lowest}, but got {range.Highest}."));
        }

        using var before = new Before(model);
        var search = new Search(range.Steps);
        fit(
            options with
            {
                Epochs = range.Steps,
                Optimizer = parameters => WithUnitRate(options.Optimizer(parameters)),
                Schedule = new Rise(range.Lowest, range.Highest, range.Steps),
                Scheduler = null,
                Averaging = null,
                ResumeFrom = null,
            },
            search);
        return search.Curve;
    }

    // The schedule's factors are then the rates themselves; groups keep their proportions.
    private static optim.Optimizer WithUnitRate(optim.Optimizer optimizer)
    {
        optim.ILearningRateController[] groups = [.. optimizer.ParamGroups];
        var first = groups[0].LearningRate;
        foreach (var group in groups)
        {
            group.LearningRate = group.InitialLearningRate = group.LearningRate / first;
        }

        return optimizer;
    }

    private sealed record Rise(double Lowest, double Highest, int Steps) : LearningRateSchedule
    {
        public override double Factor(long iteration, int epoch) => Lowest * Math.Pow(Highest / Lowest, (double)iteration / (Steps - 1));
    }

    private sealed class Search(int steps) : Callback
    {
        private const double Smoothing = 0.9;

        private readonly List<double> rates = [];
        private readonly List<double> losses = [];
        private double average;
        private double lowest = double.PositiveInfinity;

        public LearningRateCurve Curve => new(rates, losses, WarmUp);

        public override void OnStepEnd(FitContext context)
        {
            average = (Smoothing * average) + ((1 - Smoothing) * context.Loss!.Number());
            var smooth = average / (1 - Math.Pow(Smoothing, losses.Count + 1));
            lowest = Math.Min(lowest, smooth);
            var diverges = !double.IsFinite(smooth) || (losses.Count >= WarmUp && smooth > Divergence * lowest);
            if (!diverges)
            {
                rates.Add(context.LearningRate);
                losses.Add(smooth);
            }

            if (diverges || losses.Count == steps)
            {
                context.RequestStop("the search for a learning rate is over");
            }
        }
    }

    /// <summary>What the search changes, put back when disposed.</summary>
    private sealed class Before : IDisposable
    {
        private readonly DisposeScope scope = torch.NewDisposeScope();
        private readonly StateCopy state = new();
        private readonly Dictionary<string, Tensor> random;
        private readonly nn.Module model;
        private readonly ModuleModes modes;

        public Before(nn.Module model)
        {
            (this.model, modes, random) = (model, ModuleModes.Of(model), RandomState.Of(model));
            state.Take(model);
        }

        public void Dispose()
        {
            state.PutBack(model);
            model.zero_grad();
            RandomState.PutBack(model, random);
            modes.PutBack();
            state.Dispose();
            scope.Dispose();
        }
    }
}

/// <summary>The smoothed loss of each step of a search, over its learning rate.</summary>
public sealed record LearningRateCurve
{
    internal LearningRateCurve(IReadOnlyList<double> rates, IReadOnlyList<double> losses, int warmUp)
    {
        (Rates, Losses) = (rates, losses);
        Suggestion = SteepestFall(warmUp);
    }

    /// <summary>The learning rate of each step, rising.</summary>
    public IReadOnlyList<double> Rates { get; }

    /// <summary>The loss after each step as an exponential average (0.9, without bias).</summary>
    public IReadOnlyList<double> Losses { get; }

    /// <summary>The rate at which the loss fell fastest, a good first choice; null where it never fell.</summary>
    public double? Suggestion { get; }

    /// <summary>For instance <c>suggested learning rate 0.0032 (87 steps from 1E-07 to 0.26)</c>.</summary>
    public override string ToString()
    {
        var searched = Invariant($"{Rates.Count} steps from {(Rates.Count > 0 ? Rates[0] : 0):G2} to {(Rates.Count > 0 ? Rates[^1] : 0):G2}");
        return Suggestion is { } rate ? Invariant($"suggested learning rate {rate:G2} ({searched})") : $"no learning rate suggested: the loss never fell ({searched})";
    }

    private double? SteepestFall(int warmUp)
    {
        double? best = null;
        var steepest = 0d;
        for (var i = warmUp; i < Losses.Count; i++)
        {
            var slope = (Losses[i] - Losses[i - 1]) / Math.Log(Rates[i] / Rates[i - 1]);
            if (slope < steepest)
            {
                (steepest, best) = (slope, Rates[i]);
            }
        }

        return best;
    }
}
