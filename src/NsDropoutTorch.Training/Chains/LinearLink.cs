using NsDropoutTorch.Training.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Chains;

/// <summary>A linear layer, and a ReLU behind it if there is one, whose gradients are written out: the products that autograd computes, and nothing else.</summary>
internal sealed class LinearLink(Linear linear, ReLU? relu) : Link(relu is null ? [linear] : [linear, relu])
{
    private Tensor? input;
    private Tensor? output;
    private bool needsInput;

    public override Tensor Forward(Tensor input, ref bool isTrained)
    {
        this.input = IsPlain(input) ? input : null;
        if (this.input is null) return base.Forward(input, ref isTrained);

        needsInput = isTrained;
        isTrained |= linear.weight.requires_grad || linear.bias?.requires_grad == true;
        output = linear.forward(input);
        if (relu is not null)
            HostVectors.Rectify(output, output);
        return output;
    }

    public override Tensor? Backward(Tensor gradient)
    {
        if (input is null) return base.Backward(gradient);

        using (gradient)
        {
            if (relu is not null)
                HostVectors.Rectify(gradient, output!);
            if (linear.bias is { requires_grad: true } bias)
                Accumulate(bias, gradient.sum(0L));
            if (linear.weight.requires_grad)
                AccumulateWeight(gradient);
            return needsInput ? gradient.mm(linear.weight) : null;
        }
    }

    private void AccumulateWeight(Tensor gradient)
    {
        using var transposed = gradient.t();
        Accumulate(linear.weight, transposed.mm(input!));
    }

    // Other layouts have other products in autograd.
    private bool IsPlain(Tensor input) => input.ndim == 2 && HostVectors.Reaches(input) && linear.weight.is_contiguous();
}
