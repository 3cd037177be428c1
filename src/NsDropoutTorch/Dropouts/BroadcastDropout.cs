using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// Dropout whose draws are shared over dimensions of the input: along each of them an element is dropped everywhere or nowhere (docs/layers.md). Over the dimensions
/// after the channels it is <c>Dropout2d</c> or <c>Dropout3d</c>, over time <see cref="LockedDropout"/>, over the batch one mask for all samples.
/// </summary>
/// <param name="p">Drop rate in [0, 1]; with 1 the output is 0.</param>
/// <param name="dims">The dimensions that share a draw, negative ones counted from the end; null: none, which is dropout.</param>
/// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
public sealed class BroadcastDropout(double p = 0.5, long[]? dims = null)
    : DropoutModule(nameof(BroadcastDropout), p, upToOne: true)
{
    private readonly long[] shared = [.. dims ?? []];

    /// <summary>The dimensions that share a draw, as they were given.</summary>
    public IReadOnlyList<long> dims => shared;

    /// <summary>False where rows may share a draw: where dimension 0 is named, or one is counted from the end and may be that.</summary>
    public override bool DrawsForEachRow => shared.All(dim => dim > 0);

    private protected override string Settings => $"{base.Settings}, dims=[{string.Join(", ", shared.Select(dim => Invariant($"{dim}")))}]";

    private protected override Tensor Train(Tensor input) => BroadcastDropoutMath.Apply(input, BroadcastDropoutMath.Mask(input, p, shared, generator), p);

    private protected override void CheckShape(Tensor input) => BroadcastDropoutMath.MaskShape(input, shared);
}

/// <summary>
/// Dropout with shared draws as pure functions on tensors (Srivastava et al., JMLR 2014; shared over positions: Tompson et al.: "Efficient Object Localization Using
/// Convolutional Networks", arXiv 1411.4280; over time: <see cref="LockedDropout"/>).
/// </summary>
public static class BroadcastDropoutMath
{
    /// <summary>The shape of a mask: that of the input with 1 in place of each shared dimension.</summary>
    /// <param name="input">x.</param>
    /// <param name="dims">The dimensions that share a draw, negative ones counted from the end.</param>
    /// <exception cref="ArgumentException">The input has no such dimension.</exception>
    public static long[] MaskShape(Tensor input, params ReadOnlySpan<long> dims)
    {
        var shape = input.shape;
        foreach (var dim in dims)
        {
            if (dim < -shape.Length || dim >= shape.Length)
                throw new ArgumentException(Invariant($"dims must be dimensions of the input, but got {dim} for an input of shape {Check.Shape(input)}."), nameof(input));
            shape[dim < 0 ? dim + shape.Length : dim] = 1;
        }

        return shape;
    }

    /// <summary>What is kept, each draw with probability 1−p.</summary>
    /// <param name="input">x.</param>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <param name="dims">The dimensions that share a draw, negative ones counted from the end.</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>Bool of <see cref="MaskShape"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    /// <exception cref="ArgumentException">The input has no such dimension.</exception>
    public static Tensor Mask(Tensor input, double p, ReadOnlySpan<long> dims, Generator? generator = null)
    {
        Check.Share(p);
        return MaskBits.Keep(MaskShape(input, dims), p, input.device, generator);
    }

    /// <summary>Applies a mask, y = m·x / (1−p); y = 0 for p = 1.</summary>
    /// <param name="input">x.</param>
    /// <param name="mask">m, Bool, of a shape that spreads over input's.</param>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <returns>A new tensor of input's shape and dtype.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Apply(Tensor input, Tensor mask, double p) => ScaledMask.Apply(input, mask, p);
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.BroadcastDropout(double, long[])"/>
        public static BroadcastDropout BroadcastDropout(double p = 0.5, long[]? dims = null) => new(p, dims);
    }
}
