using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// DropBlock: drops square blocks of each channel of [N, C, H, W] in training mode, since neighbours in a feature map tell what a dropped element
/// would have (arXiv 1810.12890; docs/layers.md).
/// </summary>
/// <inheritdoc cref="DropBlockModule" path="/remarks"/>
/// <param name="p">Share of elements to drop, in [0, 1]; with 1 the output is 0.</param>
/// <param name="block_size">Side of a block, at least 1; with 1 it is dropout.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class DropBlock2d(double p = 0.1, long block_size = 7)
    : DropBlockModule(nameof(DropBlock2d), p, block_size, "[N, C, H, W]");

/// <summary><see cref="DropBlock2d"/> of volumes: drops cubes of each channel of [N, C, D, H, W] (docs/layers.md).</summary>
/// <inheritdoc cref="DropBlockModule" path="/remarks"/>
/// <param name="p">Share of elements to drop, in [0, 1]; with 1 the output is 0.</param>
/// <param name="block_size">Side of a block, at least 1; with 1 it is dropout.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class DropBlock3d(double p = 0.1, long block_size = 3)
    : DropBlockModule(nameof(DropBlock3d), p, block_size, "[N, C, D, H, W]");

/// <summary>What <see cref="DropBlock2d"/> and <see cref="DropBlock3d"/> share, which is all but the number of dimensions.</summary>
/// <remarks>
/// Blocks overlap, so somewhat less than the share p is dropped; the scale is that of what was kept. In a map smaller than a block the block is as large as
/// the map's shortest side, as in the paper's code.
/// </remarks>
public abstract class DropBlockModule : DropoutModule
{
    private readonly string shape;

    private protected DropBlockModule(string name, double p, long block_size, string shape)
        : base(name, p, upToOne: true)
    {
        this.block_size = Check.AtLeastOne(block_size);
        this.shape = shape;
    }

    /// <summary>Side of a block.</summary>
    public long block_size { get; }

    /// <summary>False: the scale is that of what the batch kept.</summary>
    public override bool DrawsForEachRow => false;

    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"p={p}, block_size={block_size}");

    private protected override Tensor Train(Tensor input)
    {
        if (input.numel() == 0) return input.alias();
        var side = Math.Min(block_size, input.shape[2..].Min());
        return DropBlockMath.Apply(input, DropBlockMath.Mask(DropBlockMath.Seeds(input, p, side, generator), side));
    }

    private protected override void CheckShape(Tensor input)
    {
        if (input.ndim != shape.Count(letter => letter == ',') + 1)
            throw Check.WrongShape(shape, input);
    }
}

/// <summary>
/// DropBlock as pure functions on tensors of two or three dimensions after the channels, S₁×S₂ or S₁×S₂×S₃
/// (Ghiasi, Lin, Le: "DropBlock: A regularization method for convolutional networks", NeurIPS 2018, arXiv 1810.12890, which has two).
/// </summary>
public static class DropBlockMath
{
    /// <summary>
    /// How often a block begins, γ = p · Π S / (b·(S−b+1)) over the sides S: what drops the share p if blocks never overlapped. For p = 1, where
    /// all is dropped, it is 1.
    /// </summary>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <param name="blockSize">b, at least 1 and at most the shortest side.</param>
    /// <param name="sides">S of each dimension.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static double SeedRate(double p, long blockSize, params ReadOnlySpan<long> sides)
    {
        var rate = Check.Share(p);
        if (rate == 1) return 1;
        foreach (var side in sides) rate *= (double)side / (blockSize * (side - blockSize + 1));
        return rate;
    }

    /// <summary>Where blocks begin: at the corner of their lowest indices, wherever a whole block fits.</summary>
    /// <param name="input">[N, C, S₁, …], each side at least blockSize.</param>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <param name="blockSize">b.</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>Bool [N, C, S₁−b+1, …].</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Seeds(Tensor input, double p, long blockSize, Generator? generator = null)
    {
        var sides = input.shape[2..];
        long[] shape = [input.size(0), input.size(1), .. sides.Select(side => side - blockSize + 1)];
        using var none = MaskBits.Keep(shape, SeedRate(p, blockSize, sides), input.device, generator);
        return none.eq(Scalars.Of(0));
    }

    /// <summary>The mask of the blocks: false in the b positions from each seed on, in each dimension.</summary>
    /// <param name="seeds">Bool [N, C, S₁−b+1, …] with two or three sides.</param>
    /// <param name="blockSize">b.</param>
    /// <returns>Bool [N, C, S₁, …], true where the position is kept.</returns>
    public static Tensor Mask(Tensor seeds, long blockSize)
    {
        using var scope = NewDisposeScope();
        var rank = (int)seeds.ndim - 2;
        // The largest seed among those whose block reaches a position; floating, because pooling knows no Bool.
        var padded = nn.functional.pad(seeds.to(ScalarType.Float32), [.. Enumerable.Repeat(blockSize - 1, 2 * rank)]);
        var sides = Enumerable.Repeat(blockSize, rank).ToArray();
        long[] strides = [.. Enumerable.Repeat(1L, rank)];
        var reached = rank == 3 ? nn.functional.max_pool3d(padded, sides, strides) : nn.functional.max_pool2d(padded, sides, strides);
        return reached.eq(Scalars.Of(0)).MoveToOuterDisposeScope();
    }

    /// <summary>Applies a mask and makes up for what it drops in this batch, y = x·m·(number of m)/(number of m that are kept).</summary>
    /// <param name="input">x [N, C, S₁, …].</param>
    /// <param name="mask">m, Bool of input's shape.</param>
    /// <returns>A new tensor of input's shape and dtype; zeros where nothing is kept.</returns>
    public static Tensor Apply(Tensor input, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var type = NSDropoutMath.StatisticsType(input.dtype);
        var kept = mask.sum(type: type).clamp_min(Scalars.Of(1));
        var scale = full_like(kept, Scalars.Of(mask.numel())).div(kept);
        return input.mul(mask.to(type).mul_(scale).to(input.dtype)).MoveToOuterDisposeScope();
    }
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.DropBlock2d(double, long)"/>
        public static DropBlock2d DropBlock2d(double p = 0.1, long block_size = 7) => new(p, block_size);

        /// <inheritdoc cref="NsDropoutTorch.Dropouts.DropBlock3d(double, long)"/>
        public static DropBlock3d DropBlock3d(double p = 0.1, long block_size = 3) => new(p, block_size);
    }
}
