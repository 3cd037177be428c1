using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// DropConnect around a module that is there already: a <c>Linear</c>, <c>Conv1d</c>, <c>Conv2d</c> or <c>Conv3d</c> that drops each of its weights with probability p in training
/// mode, and keeps its bias (Wan et al., ICML 2013; as a wrapper: arXiv 1708.02182; docs/layers.md).
/// </summary>
/// <remarks>
/// One mask for the batch; kept weights are multiplied by 1/(1−p). The weights are masked for the call alone: the module's own parameters are what is trained, saved, and used in
/// eval mode. The module is part of this one (<c>module.weight</c> in its state), and forward hooks on it are called in eval mode alone.
/// </remarks>
public sealed class WeightDrop : DropoutModule
{
    private readonly nn.Module<Tensor, Tensor> module;

    /// <inheritdoc cref="WeightDrop" path="/summary"/>
    /// <param name="module">The module; it becomes part of this one, and is disposed with it.</param>
    /// <param name="p">Drop rate of weights in [0, 1]; with 1 the bias alone is left.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    /// <exception cref="ArgumentException">TorchSharp cannot compute this module with weights other than its own.</exception>
    public WeightDrop(nn.Module<Tensor, Tensor> module, double p = 0.5)
        : base(nameof(WeightDrop), p, upToOne: true)
    {
        ArgumentNullException.ThrowIfNull(module);
        if (module is not (Linear or Convolution { transposed: false }))
            throw new ArgumentException($"module must be a Linear, Conv1d, Conv2d or Conv3d, but got {module.GetType().Name}{Repair(module)}", nameof(module));
        this.module = module;
        register_module(nameof(module), module);
    }

    /// <summary>False: the batch shares the mask of the weights.</summary>
    public override bool DrawsForEachRow => false;

    private protected override string Settings => $"{module.GetType().Name}, {base.Settings}";

    private Tensor Weight => module is Linear linear ? linear.weight! : ((Convolution)module).weight!;

    private protected override Tensor Train(Tensor input)
    {
        var weight = ScaledMask.Apply(Weight, DropConnectMath.Mask(Weight, p, generator: generator), p);
        return module is Linear linear ? nn.functional.linear(input, weight, linear.bias) : Convolve(input, weight, (Convolution)module);
    }

    private protected override Tensor Evaluate(Tensor input) => module.call(input);

    private protected override void CheckType(Tensor input)
    {
        base.CheckType(input);
        Check.Device(input, Weight);
    }

    private static Tensor Convolve(Tensor input, Tensor weight, Convolution module)
    {
        if (module is { padding_mode: PaddingModes.Zeros, padding: { } padding })
            return MaskedConvolution.Apply(input, weight, module.bias, module.stride, padding, module.dilation, module.groups);
        var padded = nn.functional.pad(input, Margins(module), module.padding_mode == PaddingModes.Zeros ? PaddingModes.Constant : module.padding_mode);
        return MaskedConvolution.Apply(padded, weight, module.bias, module.stride, new long[module.stride.Length], module.dilation, module.groups);
    }

    // Before and after, from the last dimension to the first. The odd one of "same" is after.
    private static long[] Margins(Convolution module) =>
    [
        .. Enumerable.Range(0, module.kernel_size.Length).Reverse().SelectMany(dim =>
        {
            if (module.padding is { } padding) return new[] { padding[dim], padding[dim] };
            var whole = module.padding_type == Padding.Same ? module.dilation[dim] * (module.kernel_size[dim] - 1) : 0;
            return [whole / 2, whole - (whole / 2)];
        }),
    ];

    private static string Repair(nn.Module module) => module is Embedding
        ? ": use EmbeddingDropout, which drops words."
        : ": TorchSharp takes the weights of others from where they are. Drop what goes in or out of it, by nn.FastDropout or nn.LockedDropout.";
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.WeightDrop(nn.Module{Tensor, Tensor}, double)"/>
        public static WeightDrop WeightDrop(nn.Module<Tensor, Tensor> module, double p = 0.5) => new(module, p);
    }
}
