using NsDropoutTorch.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SuddenDrops;

/// <summary>
/// The largest eigenvalue of the loss's curvature as Adam's divisors leave it, D^−½ H D^−½ with D = √v̂ + ε, by power iteration with products of the Hessian, on the data fitted to and with the
/// class masks as they are. Source of the threshold it is compared with: Cohen et al., "Adaptive Gradient Methods at the Edge of Stability", 2022.
/// </summary>
/// <param name="data">What the network is fitted to.</param>
/// <param name="iterations">Products at each measurement; each begins with the vector that the last one ended with.</param>
internal sealed class Sharpness(TensorData data, int iterations = 3) : IDisposable
{
    private Tensor[] vector = [];

    /// <summary>The eigenvalue.</summary>
    /// <param name="model">The network.</param>
    /// <param name="divisors">D by parameter.</param>
    public double Of(Sequential model, Tensor[] divisors)
    {
        using var scope = NewDisposeScope();
        var parameters = model.parameters().ToArray();
        Tensor[] roots = [.. divisors.Select(divisor => divisor.sqrt())];
        var at = vector.Length == 0 ? [.. parameters.Select(parameter => ones_like(parameter))] : vector.Select(part => part.alias()).ToArray();
        using var gradients = enable_grad();
        var loss = Loss(model);
        var first = autograd.grad([loss], parameters, retain_graph: true, create_graph: true);
        var value = 0.0;
        for (var i = 0; i < iterations; i++)
        {
            Scale(at, 1 / Norm(at));
            Tensor[] scaled = [.. at.Zip(roots, (part, root) => part / root)];
            var product = autograd.grad(first, parameters, scaled, retain_graph: true).Zip(roots, (part, root) => part.detach() / root).ToArray();
            value = at.Zip(product, (a, b) => a.mul(b).sum().item<float>()).Sum();
            at = product;
        }

        foreach (var old in vector) old.Dispose();
        vector = [.. at.Select(part => part.DetachFromDisposeScope())];
        return value;
    }

    public void Dispose() => Array.ForEach(vector, part => part.Dispose());

    private Tensor Loss(Sequential model)
    {
        var hidden = data.Inputs;
        foreach (var (_, module) in model.named_children())
        {
            hidden = module switch
            {
                FreezableMasks masks => masks.Layer.mask_updates > 0 ? masks.Masked(hidden, data.Labels) : hidden,
                Linear or ReLU => ((nn.Module<Tensor, Tensor>)module).call(hidden),
                // Dropout: its mean.
                _ => hidden,
            };
        }

        return nn.functional.cross_entropy(hidden, data.Labels);
    }

    private static void Scale(Tensor[] tensors, double factor)
    {
        for (var i = 0; i < tensors.Length; i++) tensors[i] = tensors[i] * factor;
    }

    private static double Norm(Tensor[] tensors) => Math.Sqrt(tensors.Sum(tensor => Math.Pow(tensor.norm().item<float>(), 2)));
}
