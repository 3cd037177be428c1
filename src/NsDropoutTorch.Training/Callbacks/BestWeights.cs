using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>
/// Remembers parameters and buffers of the epoch with the lowest error, the first of equals; buffers, so that class masks stay with the weights they go with.
/// As a callback it compares selection errors; call <see cref="Consider"/> to compare by another measure. Holds one copy of the model's state, on its device, until disposed
/// or used for another run.
/// </summary>
public sealed class BestWeights : Callback, IStateful, IDisposable
{
    private readonly Dictionary<string, Tensor> best = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <remarks>Default: <c>BestWeights</c>.</remarks>
    public string Key { get; init; } = nameof(BestWeights);

    /// <summary>The epoch remembered, from 0; null before the first one.</summary>
    public int? Epoch { get; private set; }

    /// <summary>Its error.</summary>
    public double Error { get; private set; } = double.PositiveInfinity;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> StateTensors => best;

    /// <inheritdoc/>
    public void ResetState()
    {
        Dispose();
        (Epoch, Error) = (null, double.PositiveInfinity);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        if (record.SelectionError is { } error)
        {
            Consider(context.Model, record.Epoch, error);
        }
    }

    /// <summary>Remembers <paramref name="model"/> as it is if <paramref name="error"/> is lower than any before.</summary>
    /// <param name="model">The model, always the same.</param>
    /// <param name="epoch">The epoch it has come to.</param>
    /// <param name="error">Its error; NaN is never the lowest.</param>
    public void Consider(nn.Module model, int epoch, double error)
    {
        if (error < Error)
        {
            Remember(model);
            (Epoch, Error) = (epoch, error);
        }
    }

    /// <summary>Puts the remembered state back into <paramref name="model"/>.</summary>
    /// <param name="model">The model trained, or one of the same structure.</param>
    /// <exception cref="InvalidOperationException">No epoch had a selection error.</exception>
    public void Restore(nn.Module model)
    {
        if (Epoch is null)
        {
            throw new InvalidOperationException("weights can be restored after an epoch with an error to go by, but there was none.");
        }

        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        foreach (var (name, tensor) in model.state_dict())
        {
            tensor.copy_(best[name]);
        }
    }

    /// <inheritdoc/>
    public JsonNode SaveState() => Epoch is null ? new JsonObject() : new JsonObject { ["epoch"] = Epoch, ["error"] = Error };

    /// <inheritdoc/>
    public void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors)
    {
        ResetState();
        (Epoch, Error) = (state["epoch"]?.GetValue<int>(), state["error"]?.GetValue<double>() ?? double.PositiveInfinity);
        foreach (var (name, tensor) in tensors)
        {
            best[name] = tensor.clone().DetachFromDisposeScope();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in best.Values)
        {
            tensor.Dispose();
        }

        best.Clear();
    }

    private void Remember(nn.Module model)
    {
        using var noGradients = torch.no_grad();
        foreach (var (name, tensor) in model.state_dict())
        {
            if (best.TryGetValue(name, out var kept))
            {
                kept.copy_(tensor);
            }
            else
            {
                best[name] = tensor.detach().clone().DetachFromDisposeScope();
            }
        }
    }
}
