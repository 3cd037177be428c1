using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Remembers parameters and buffers of the epoch with the lowest selection error, the first of equals; buffers, so that class masks stay with the weights they go with.
/// Holds one copy of the model's state, on its device, until disposed.
/// </summary>
public sealed class BestWeights : Callback, IDisposable
{
    private readonly Dictionary<string, Tensor> best = new(StringComparer.Ordinal);

    /// <summary>The epoch remembered; null before the first one.</summary>
    public int? Epoch { get; private set; }

    /// <summary>Its selection error.</summary>
    public double Error { get; private set; } = double.PositiveInfinity;

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        if (record.SelectionError is { } error && error < Error)
        {
            Remember(context.Model);
            (Epoch, Error) = (record.Epoch, error);
        }
    }

    /// <summary>Puts the remembered state back into <paramref name="model"/>.</summary>
    /// <param name="model">The model trained, or one of the same structure.</param>
    /// <exception cref="InvalidOperationException">No epoch had a selection error.</exception>
    public void Restore(nn.Module model)
    {
        if (Epoch is null)
        {
            throw new InvalidOperationException("weights can be restored after an epoch with a selection error, but there was none.");
        }

        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        foreach (var (name, tensor) in model.state_dict())
        {
            tensor.copy_(best[name]);
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
