using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Chains;

/// <summary>A layer that gives its gradient itself, where it can.</summary>
internal sealed class VjpLink(nn.Module<Tensor, Tensor> layer, IVjp own) : Link(layer)
{
    private Func<Tensor, Tensor>? product;
    private bool needsInput;

    public override Tensor Forward(Tensor input, ref bool isTrained)
    {
        var known = own.Vjp(input);
        (product, needsInput) = (known?.Product, isTrained);
        return known?.Output ?? base.Forward(input, ref isTrained);
    }

    public override Tensor? Backward(Tensor gradient)
    {
        if (product is null) return base.Backward(gradient);

        using (gradient)
        {
            if (!needsInput) return null;
            var result = product(gradient);
            if (result.is_contiguous()) return result;
            using (result)
                return result.contiguous();
        }
    }
}
