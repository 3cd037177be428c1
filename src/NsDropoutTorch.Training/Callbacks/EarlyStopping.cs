using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>
/// Stops after <paramref name="patience"/> epochs in a row without improvement. It reads the run's history; its only memory is the best weights.
/// </summary>
/// <param name="patience">Epochs to wait, at least 1.</param>
/// <exception cref="ArgumentException">An option breaks its rule; or, while training, the epoch lacks the measure.</exception>
public sealed class EarlyStopping(int patience) : Callback, IStateful
{
    private readonly long patience = Require.AtLeast(1, patience, "patience");

    /// <summary>What must come down. Default: <see cref="Monitor.SelectionError"/>.</summary>
    public Monitor Monitor { get; init; } = Monitor.SelectionError;

    /// <summary>Only a fall by more than this counts, at least 0. Default: 0.</summary>
    public double MinDelta { get; init => field = Require.NotNegative(value, "min delta"); }

    /// <summary>
    /// Where to keep the weights of the epoch with the lowest measure, which are put back into the model when the run has stopped or come to its end, but not when it was cancelled,
    /// as a resumed run goes on from the last weights. Null (the default): the last weights stay. This callback feeds it; do not list it as a callback too.
    /// </summary>
    public BestWeights? Best { get; init; }

    /// <inheritdoc/>
    /// <remarks>Default: <c>EarlyStopping</c>.</remarks>
    public string Key { get; init; } = nameof(EarlyStopping);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> StateTensors => Best?.StateTensors ?? ImmutableDictionary<string, Tensor>.Empty;

    /// <inheritdoc/>
    public void ResetState() => Best?.ResetState();

    /// <inheritdoc/>
    public JsonNode SaveState() => Best?.SaveState() ?? new JsonObject();

    /// <inheritdoc/>
    public void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors) => Best?.LoadState(state, tensors);

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        Best?.Consider(context.Model, record.Epoch, Monitor.Required(record));
        var bestSoFar = BestSoFar.Over(context.History, Monitor, MinDelta);
        if (bestSoFar.EpochsSince >= patience)
        {
            context.RequestStop(Reason(bestSoFar));
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitContext context)
    {
        var isComplete = context.StopReason is not null || context.Epoch == context.Options.Epochs;
        if (isComplete && Best is { Epoch: not null })
        {
            Best.Restore(context.Model);
        }
    }

    private string Reason(BestSoFar bestSoFar)
    {
        var best = bestSoFar.BestEpoch is { } epoch
            ? string.Create(CultureInfo.InvariantCulture, $"; the best was {bestSoFar.Best:G6} in epoch {epoch + 1}")
            : "";
        return Invariant($"the {Monitor.Name} has not improved in {patience} {(patience == 1 ? "epoch" : "epochs")}{best}");
    }
}
