using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Chains;

/// <summary>Layers of a chain that follow each other. These have a graph of their own: autograd computes their gradients, from that of their output.</summary>
internal class Link(params IReadOnlyList<nn.Module<Tensor, Tensor>> layers)
{
    private Tensor? leaf;
    private Tensor? copy;
    private Tensor? end;

    /// <summary>The output without gradient, where no gradients are enabled.</summary>
    /// <param name="input">Without gradient.</param>
    /// <param name="isTrained">Whether a layer before is trained, and so needs the gradient of the input; then whether one of them or of these is.</param>
    /// <returns>A tensor that the caller disposes after <see cref="Backward"/>.</returns>
    public virtual Tensor Forward(Tensor input, ref bool isTrained)
    {
        using var graph = enable_grad();
        leaf = isTrained ? input.detach().requires_grad_() : null;
        copy = leaf?.clone(); // For layers that work in place, which a leaf does not allow.
        end = Call(copy ?? input);
        isTrained = end.requires_grad;
        return end.detach();
    }

    /// <summary>Adds the gradients of the parameters to what they have.</summary>
    /// <param name="gradient">Of the output; it is disposed, or becomes what is returned.</param>
    /// <returns>The gradient of the input; null where none is needed, or none comes through.</returns>
    public virtual Tensor? Backward(Tensor gradient)
    {
        if (end!.requires_grad)
            end.backward([gradient]);
        gradient.Dispose();
        var result = leaf?.grad;
        leaf?.Dispose();
        copy?.Dispose();
        end.Dispose();
        return result;
    }

    /// <summary>Adds to a parameter's gradient.</summary>
    /// <param name="parameter">Some parameter.</param>
    /// <param name="gradient">It is disposed.</param>
    protected static void Accumulate(Parameter parameter, Tensor gradient)
    {
        using var former = parameter.grad;
        if (former is null)
            parameter.grad = gradient;
        else
            former.add_(gradient, Scalars.One);
        gradient.Dispose();
    }

    private Tensor Call(Tensor input)
    {
        var value = layers[0].call(input);
        for (var i = 1; i < layers.Count; i++)
        {
            using var former = value;
            value = layers[i].call(former);
        }

        return value;
    }
}
