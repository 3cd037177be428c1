using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>A mask for Float32 tensors in host memory that is multiplied with without being one: where it is large its tensor would cost more memory traffic than the product itself.</summary>
internal abstract class HostMask
{
    /// <summary>From so many elements on the product is a node of its own in the graph; below, that call costs more than a tensor of factors.</summary>
    internal const long WithoutTensorFrom = 65_536;

    /// <summary>What the mask reads when it multiplies; the graph of a product keeps copies. Default: nothing.</summary>
    protected virtual IEnumerable<Tensor> Tensors => [];

    /// <summary>Whether tensors can be read and written where they lie.</summary>
    public static bool Reaches(Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.dtype is ScalarType.Float32 && tensor.numel() <= int.MaxValue / sizeof(float);

    /// <summary>The product of a tensor and the mask, which can be differentiated any number of times.</summary>
    /// <param name="input">As <see cref="Reaches"/> asks.</param>
    /// <returns>A new tensor of input's shape.</returns>
    public Tensor Multiply(Tensor input)
    {
        if (!input.requires_grad || !is_grad_enabled()) return Values(input);
        if (input.numel() < WithoutTensorFrom)
        {
            using var factors = FactorsOf(input);
            return input.mul(factors);
        }

        // Behind a view the gradient is a tensor that nobody else refers to, so a leaf takes it as it is; of the one that Product holds it would take a copy.
        using var view = input.view_as(input);
        return Product.apply(view, this);
    }

    /// <summary>The factors themselves.</summary>
    public Tensor Factors(long[] shape) => Written(empty(shape, ScalarType.Float32, CPU));

    /// <summary>The same mask, reading copies.</summary>
    /// <param name="tensors">Copies of <see cref="Tensors"/>.</param>
    protected virtual HostMask With(IReadOnlyList<Tensor> tensors) => this;

    /// <summary>target = source · mask.</summary>
    /// <param name="source">Contiguous.</param>
    /// <param name="target">Contiguous, of its shape; may be the same tensor.</param>
    protected abstract void Multiply(Tensor source, Tensor target);

    /// <summary>target = mask.</summary>
    /// <param name="target">Contiguous.</param>
    protected virtual void Write(Tensor target)
    {
        target.Elements<float>().Fill(1);
        Multiply(target, target);
    }

    // TorchSharp's shape is an array that native code asks for, which takes a microsecond.
    private Tensor FactorsOf(Tensor input) => input.is_contiguous() ? Written(empty_like(input)) : Factors(input.shape);

    private Tensor Written(Tensor target)
    {
        Write(target);
        return target;
    }

    private Tensor Values(Tensor input)
    {
        if (!input.is_contiguous())
        {
            using var source = input.contiguous();
            return Values(source);
        }

        var product = empty_like(input);
        Multiply(input, product);
        GC.KeepAlive(input);
        return product;
    }

    private sealed class Product : autograd.SingleTensorFunction<Product>
    {
        // libtorch takes its own reference to the gradient after backward has returned, so the next call is the first that can dispose ours.
        [ThreadStatic]
        private static Tensor? returned;

        public override string Name => nameof(HostMask);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (input, mask) = ((Tensor)vars[0], (HostMask)vars[1]);
            returned?.Dispose();
            ctx.set_materialize_grads(false);
            ctx.save_data(nameof(HostMask), mask);
            ctx.save_for_backward([.. mask.Tensors.Select(tensor => tensor.clone())]);
            return mask.Values(input);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            using var gradient = grad_output;
            returned?.Dispose();
            returned = gradient.IsInvalid ? null : Multiplied(ctx, gradient);
            return [returned!, null!];
        }

        private static Tensor Multiplied(autograd.AutogradContext ctx, Tensor gradient)
        {
            var tensors = ctx.get_saved_variables();
            var product = ((HostMask)ctx.get_data(nameof(HostMask))).With(tensors).Multiply(gradient);
            tensors.ForEach(tensor => tensor.Dispose());
            return product;
        }
    }
}
