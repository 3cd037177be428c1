using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>A copy of a model's parameters and buffers, on its device, to be put back later. It lives until disposed, whatever scope it was made in.</summary>
internal sealed class StateCopy : IDisposable
{
    private readonly Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <summary>Copies the state as it is now; a copy of the same model is written over.</summary>
    public void Take(nn.Module model)
    {
        using var noGradients = torch.no_grad();
        foreach (var (name, tensor) in model.state_dict())
        {
            if (tensors.TryGetValue(name, out var kept))
                kept.copy_(tensor);
            else
                tensors[name] = tensor.detach().clone().DetachFromDisposeScope();
        }
    }

    /// <summary>Copies tensors that were saved.</summary>
    public void Take(IReadOnlyDictionary<string, Tensor> saved)
    {
        Dispose();
        foreach (var (name, tensor) in saved)
        {
            tensors[name] = tensor.clone().DetachFromDisposeScope();
        }
    }

    /// <summary>Puts the state back into the model, or into one of the same structure.</summary>
    public void PutBack(nn.Module model)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        foreach (var (name, tensor) in model.state_dict())
        {
            tensor.copy_(tensors[name]);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in tensors.Values)
        {
            tensor.Dispose();
        }

        tensors.Clear();
    }
}
