using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>A mask of Float32 in host memory that need not be kept: its seed draws it again, forward and backward.</summary>
/// <param name="Seed">What decides it.</param>
/// <param name="Threshold">Its rate, as <see cref="MaskBits.Threshold"/> gives it.</param>
internal sealed record DrawnMask(ulong Seed, int Threshold)
{
    /// <summary>The mask as a tensor: 0 where an element is dropped, 1/(1 − rate) elsewhere.</summary>
    public Tensor Factors(long[] shape)
    {
        var factors = ones(shape, ScalarType.Float32, CPU);
        MaskBits.Multiply(factors, factors, Seed, Threshold);
        return factors;
    }

    /// <summary>The product of a tensor and the mask; its graph keeps the seed alone, and can be differentiated any number of times.</summary>
    /// <param name="input">Float32, in host memory.</param>
    public Tensor Multiply(Tensor input)
    {
        using var scope = NewDisposeScope();
        // Behind a view the gradient is a tensor that nobody else refers to, so a leaf takes it as it is; of the one that Product holds it would take a copy.
        return (input.requires_grad && is_grad_enabled() ? Product.apply(input.view(input.shape), this) : Values(input)).MoveToOuterDisposeScope();
    }

    private Tensor Values(Tensor input)
    {
        using var source = input.contiguous();
        var product = empty_like(source);
        MaskBits.Multiply(source, product, Seed, Threshold);
        return product;
    }

    private sealed class Product : autograd.SingleTensorFunction<Product>
    {
        // libtorch takes its own reference to the gradient after backward has returned, so the next call is the first that can dispose ours.
        [ThreadStatic]
        private static Tensor? returned;

        public override string Name => nameof(FastDropout);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (input, mask) = ((Tensor)vars[0], (DrawnMask)vars[1]);
            returned?.Dispose();
            ctx.set_materialize_grads(false);
            ctx.save_data(nameof(DrawnMask), mask);
            return mask.Values(input);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            using var gradient = grad_output;
            returned?.Dispose();
            returned = gradient.IsInvalid ? null : ((DrawnMask)ctx.get_data(nameof(DrawnMask))).Multiply(gradient);
            return [returned!, null!];
        }
    }
}
