using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>
/// Stops after <paramref name="patience"/> epochs in a row without improvement. It reads the run's history; its only memory is the best weights.
/// </summary>
/// <param name="patience">Epochs to wait, at least 1.</param>
/// <param name="restoreBest">
/// Whether the weights of the best epoch are put back into the model when the run has stopped or come to its end, but not when it was cancelled, as a resumed run goes on from the
/// last weights. They take a copy of the model's state while the run lasts.
/// </param>
/// <exception cref="ArgumentException">An option breaks its rule; or, while training, the epoch lacks the measure.</exception>
public sealed class EarlyStopping(int patience, bool restoreBest = false) : Callback, IStateful
{
    private readonly long patience = Require.AtLeast(1, patience, "patience");
    private readonly BestWeights? best = restoreBest ? new() : null;

    /// <summary>What must improve. Default: <see cref="MonitoredMetric.Selection"/>.</summary>
    public MonitoredMetric Monitor { get; init; } = MonitoredMetric.Selection;

    /// <summary>Only an improvement by more than this counts, at least 0. Default: 0.</summary>
    public double MinDelta { get; init => field = Require.NotNegative(value, "min delta"); }

    /// <summary>The first epoch that is looked at, from 0: neither those before it count, nor their weights. Default: 0.</summary>
    public int FirstEpoch { get; init => field = (int)Require.AtLeast(0, value, "first epoch"); }

    /// <inheritdoc/>
    public override IDisposable? Claim() => best;

    /// <inheritdoc/>
    /// <remarks>Default: <c>EarlyStopping</c>.</remarks>
    public string Key { get; init; } = nameof(EarlyStopping);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> StateTensors => best?.StateTensors ?? ImmutableDictionary<string, Tensor>.Empty;

    /// <inheritdoc/>
    public void ResetState() => best?.ResetState();

    /// <inheritdoc/>
    public JsonNode SaveState() => best?.SaveState() ?? new JsonObject();

    /// <inheritdoc/>
    public void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors) => best?.LoadState(state, tensors);

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        if (record.Epoch < FirstEpoch)
        {
            return;
        }

        best?.Consider(context.Model, record.Epoch, Monitor.RequiredCost(record));
        var bestSoFar = BestSoFar.Over(context.History.Where(past => past.Epoch >= FirstEpoch), Monitor, MinDelta);
        if (bestSoFar.EpochsSince >= patience)
        {
            context.RequestStop(Reason(bestSoFar));
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitContext context)
    {
        if (context.IsComplete && best is { Epoch: not null })
        {
            best.Restore(context.Model);
        }
    }

    private string Reason(BestSoFar bestSoFar)
    {
        var lowest = bestSoFar.BestEpoch is { } epoch
            ? string.Create(CultureInfo.InvariantCulture, $"; the best was {(Monitor.HigherIsBetter ? -bestSoFar.Best : bestSoFar.Best):G6} in epoch {epoch + 1}")
            : "";
        return Invariant($"the {Monitor.Name} has not improved in {patience} {(patience == 1 ? "epoch" : "epochs")}{lowest}");
    }
}
