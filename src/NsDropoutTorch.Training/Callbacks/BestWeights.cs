using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>
/// Remembers parameters and buffers of the best epoch, the first of equals; buffers, so that class masks stay with the weights they go with.
/// As a callback it compares what <see cref="Monitor"/> says; call <see cref="Consider"/> to compare by another measure. Holds one copy of the model's state, on its device, until disposed
/// or used for another run.
/// </summary>
public sealed class BestWeights : Callback, IStateful, IDisposable
{
    private readonly StateCopy best = new();

    /// <inheritdoc/>
    /// <remarks>Default: <c>BestWeights</c>.</remarks>
    public string Key { get; init; } = nameof(BestWeights);

    /// <summary>The epoch remembered, from 0; null before the first one.</summary>
    public int? Epoch { get; private set; }

    /// <summary>Its figure; of one that should rise, its negative.</summary>
    public double Cost { get; private set; } = double.PositiveInfinity;

    /// <summary>What is compared. Default: <see cref="MonitoredMetric.Selection"/>.</summary>
    public MonitoredMetric Monitor { get; init; } = MonitoredMetric.Selection;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> StateTensors => best.Tensors;

    /// <inheritdoc/>
    public void ResetState()
    {
        Dispose();
        (Epoch, Cost) = (null, double.PositiveInfinity);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        if (Monitor.Cost(record) is { } cost)
        {
            Consider(context.Model, record.Epoch, cost);
        }
    }

    /// <summary>Remembers <paramref name="model"/> as it is if <paramref name="cost"/> is lower than any before.</summary>
    /// <param name="model">The model, always the same.</param>
    /// <param name="epoch">The epoch it has come to.</param>
    /// <param name="cost">Its error, or any other figure; NaN is never the lowest.</param>
    public void Consider(nn.Module model, int epoch, double cost)
    {
        if (cost < Cost)
        {
            best.Take(model);
            (Epoch, Cost) = (epoch, cost);
        }
    }

    /// <summary>Puts the remembered state back into <paramref name="model"/>.</summary>
    /// <param name="model">The model trained, or one of the same structure.</param>
    /// <exception cref="InvalidOperationException">No epoch had the figure.</exception>
    public void Restore(nn.Module model)
    {
        if (Epoch is null)
        {
            throw new InvalidOperationException("an epoch must have had a figure before weights can be restored, but none had; give a validation set, or call Consider.");
        }

        best.PutBack(model);
    }

    /// <inheritdoc/>
    public JsonNode SaveState() => Epoch is null ? new JsonObject() : new JsonObject { ["epoch"] = Epoch, ["cost"] = Cost };

    /// <inheritdoc/>
    public void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors)
    {
        (Epoch, Cost) = (state["epoch"]?.GetValue<int>(), state["cost"]?.GetValue<double>() ?? double.PositiveInfinity);
        best.Take(tensors);
    }

    /// <inheritdoc/>
    public void Dispose() => best.Dispose();
}
