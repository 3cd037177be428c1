using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// Dropout as in PyTorch, drawn many times as fast on the CPU, and without memory for the mask where it would be large (docs/layers.md). On another device it is TorchSharp's <c>Dropout</c>.
/// </summary>
/// <remarks>
/// The rate of Float32 inputs on the CPU is p rounded to a multiple of 2⁻¹⁶, and kept elements are scaled by that rate, so the mean is exact. Bits come from torch's generator,
/// by one draw a call, but are not those of <c>Dropout</c>.
/// </remarks>
/// <param name="p">Drop rate in [0, 1]; with 1 the output is 0.</param>
/// <param name="inplace">Whether the input itself becomes the output.</param>
/// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
public sealed class FastDropout(double p = 0.5, bool inplace = false)
    : DropoutModule(nameof(FastDropout), p, upToOne: true), IVjp
{
    /// <inheritdoc/>
    public (Tensor Output, Func<Tensor, Tensor> Product)? Vjp(Tensor input)
    {
        if (!training || p == 0) return (input.alias(), static gradient => gradient.alias());
        return FastDropoutMath.HostMaskFor(input, p, inplace, generator) is { } mask ? (mask.Multiply(input), mask.Multiply) : null;
    }

    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"p={p}, inplace={inplace}");

    private protected override Tensor Train(Tensor input) => FastDropoutMath.Apply(input, p, inplace, generator);
}

/// <summary><see cref="FastDropout"/> of whole channels: in each sample a channel is dropped as a whole or not at all, as by TorchSharp's <c>Dropout2d</c>.</summary>
/// <param name="p">Drop rate in [0, 1]; with 1 the output is 0.</param>
/// <param name="inplace">Whether the input itself becomes the output.</param>
/// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
public sealed class FastDropout2d(double p = 0.5, bool inplace = false)
    : DropoutModule(nameof(FastDropout2d), p, upToOne: true)
{
    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"p={p}, inplace={inplace}");

    private protected override Tensor Train(Tensor input) => FastDropoutMath.ApplyToChannels(input, p, inplace, generator);

    private protected override void CheckShape(Tensor input)
    {
        if (input.ndim < 2)
            throw Check.WrongShape("[N, C, …]", input);
    }
}

/// <summary>Fast dropout as functions on tensors (Srivastava et al.: "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", JMLR 2014).</summary>
public static class FastDropoutMath
{
    /// <summary>The rate at which elements of Float32 are dropped on the CPU: p to the nearest 2⁻¹⁶, and below 1 where p is.</summary>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static double Rate(double p) => Check.Share(p) == 1 ? 1 : MaskBits.Rate(MaskBits.Threshold(p));

    /// <summary>Drops each element with probability p, y = m·x / (1−p).</summary>
    /// <param name="input">x, floating.</param>
    /// <param name="p">Drop rate in [0, 1]; for Float32 on the CPU it is <see cref="Rate"/>, here and in the formula.</param>
    /// <param name="inplace">Whether x itself becomes y.</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>A new tensor of input's shape and dtype; an alias of it where nothing is dropped, and in place.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Apply(Tensor input, double p, bool inplace = false, Generator? generator = null)
    {
        Check.Share(p);
        if (HostMaskFor(input, p, inplace, generator) is { } mask) return mask.Multiply(input);

        using var scope = NewDisposeScope();
        if (input.device_type != DeviceType.CPU && generator is null && !inplace) return nn.functional.dropout(input, p).MoveToOuterDisposeScope();
        if (IsTrivial(input, p, inplace) is { } trivial) return trivial.MoveToOuterDisposeScope();
        return Multiplied(input, Factors(input, input.shape, p, generator), inplace).MoveToOuterDisposeScope();
    }

    /// <summary>Drops each channel of each sample with probability p, y_nc = m_nc·x_nc / (1−p).</summary>
    /// <param name="input">x [N, C, …], floating.</param>
    /// <param name="p">Drop rate in [0, 1]; for Float32 on the CPU it is <see cref="Rate"/>, here and in the formula.</param>
    /// <param name="inplace">Whether x itself becomes y.</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>A new tensor of input's shape and dtype; an alias of it where nothing is dropped, and in place.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor ApplyToChannels(Tensor input, double p, bool inplace = false, Generator? generator = null)
    {
        Check.Share(p);
        using var scope = NewDisposeScope();
        if (IsTrivial(input, p, inplace) is { } trivial) return trivial.MoveToOuterDisposeScope();
        var shape = input.shape;
        shape.AsSpan(2).Fill(1);
        return Multiplied(input, Factors(input, shape, p, generator), inplace).MoveToOuterDisposeScope();
    }

    /// <summary>Draws the mask that the input is multiplied by; null where nothing is drawn, or not so.</summary>
    internal static HostMask? HostMaskFor(Tensor input, double p, bool inplace, Generator? generator) =>
        p is > 0 and < 1 && !inplace && HostMask.Reaches(input) && input.numel() > 0 ? Mask(p, generator) : null;

    private static Tensor? IsTrivial(Tensor input, double p, bool inplace) =>
        p == 0 || input.numel() == 0 ? input.alias() : p == 1 ? Multiplied(input, zeros([], input.dtype, input.device), inplace) : null;

    private static Tensor Multiplied(Tensor input, Tensor factors, bool inplace) => inplace ? input.mul_(factors).alias() : input.mul(factors);

    private static DrawnMask Mask(double p, Generator? generator) => new(MaskBits.Seed(generator), MaskBits.Threshold(p));

    // The mask, scaled.
    private static Tensor Factors(Tensor input, long[] shape, double p, Generator? generator) => HostMask.Reaches(input)
        ? Mask(p, generator).Factors(shape)
        : ScaledMask.Factors(MaskBits.Keep(shape, p, input.device, generator), p, input.dtype);
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.FastDropout(double, bool)"/>
        public static FastDropout FastDropout(double p = 0.5, bool inplace = false) => new(p, inplace);

        /// <inheritdoc cref="NsDropoutTorch.Dropouts.FastDropout2d(double, bool)"/>
        public static FastDropout2d FastDropout2d(double p = 0.5, bool inplace = false) => new(p, inplace);
    }
}
