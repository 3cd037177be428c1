using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// DropBlock: drops square blocks of each channel of [N, C, H, W] in training mode, since neighbours in a feature map tell what a dropped element
/// would have (arXiv 1810.12890; docs/layers.md).
/// </summary>
/// <remarks>
/// Blocks overlap, so somewhat less than the share p is dropped; the scale is that of what was kept. In a map smaller than a block the block is as large as
/// the map's shorter side, as in the paper's code.
/// </remarks>
/// <param name="p">Share of elements to drop, in [0, 1).</param>
/// <param name="block_size">Side of a block, at least 1; with 1 it is dropout.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class DropBlock2d(double p = 0.1, long block_size = 7)
    : DropoutModule(nameof(DropBlock2d), p)
{
    /// <summary>Side of a block.</summary>
    public long block_size { get; } = Check.AtLeastOne(block_size);

    /// <summary>False: the scale is that of what the batch kept.</summary>
    public override bool DrawsForEachRow => false;

    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"p={p}, block_size={block_size}");

    private protected override Tensor Train(Tensor input)
    {
        if (input.numel() == 0) return input.alias();
        var side = Math.Min(block_size, Math.Min(input.size(2), input.size(3)));
        return DropBlockMath.Apply(input, DropBlockMath.Mask(DropBlockMath.Seeds(input, p, side), side));
    }

    private protected override void CheckShape(Tensor input)
    {
        if (input.ndim != 4)
            throw Check.WrongShape("[N, C, H, W]", input);
    }
}

/// <summary>
/// DropBlock as pure functions on tensors (Ghiasi, Lin, Le: "DropBlock: A regularization method for convolutional networks", NeurIPS 2018, arXiv 1810.12890).
/// </summary>
public static class DropBlockMath
{
    /// <summary>
    /// How often a block begins, γ = p/b² · H·W / ((H−b+1)·(W−b+1)): what drops the share p if blocks never overlapped.
    /// </summary>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <param name="blockSize">b in [1, min(H, W)].</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static double SeedRate(double p, long blockSize, long height, long width)
    {
        Check.Rate(p);
        return p / (blockSize * blockSize) * height * width / ((height - blockSize + 1) * (width - blockSize + 1));
    }

    /// <summary>Where blocks begin: at their upper left corner, wherever a whole block fits.</summary>
    /// <param name="input">[N, C, H, W], H and W at least blockSize.</param>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <param name="blockSize">b.</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>Bool [N, C, H−b+1, W−b+1].</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Seeds(Tensor input, double p, long blockSize, Generator? generator = null)
    {
        var (height, width) = (input.size(2), input.size(3));
        long[] shape = [input.size(0), input.size(1), height - blockSize + 1, width - blockSize + 1];
        using var none = MaskBits.Keep(shape, SeedRate(p, blockSize, height, width), input.device, generator);
        return none.eq(0);
    }

    /// <summary>The mask of the blocks: false in the b × b positions from each seed on.</summary>
    /// <param name="seeds">Bool [N, C, H−b+1, W−b+1].</param>
    /// <param name="blockSize">b.</param>
    /// <returns>Bool [N, C, H, W], true where the position is kept.</returns>
    public static Tensor Mask(Tensor seeds, long blockSize)
    {
        using var scope = NewDisposeScope();
        var margin = blockSize - 1;
        // The largest seed among those whose block reaches a position; floating, because pooling knows no Bool.
        var padded = nn.functional.pad(seeds.to(ScalarType.Float32), (margin, margin, margin, margin));
        return nn.functional.max_pool2d(padded, blockSize, stride: 1).eq(0).MoveToOuterDisposeScope();
    }

    /// <summary>Applies a mask and makes up for what it drops in this batch, y = x·m·(number of m)/(number of m that are kept).</summary>
    /// <param name="input">x [N, C, H, W].</param>
    /// <param name="mask">m, Bool of input's shape.</param>
    /// <returns>A new tensor of input's shape and dtype; zeros where nothing is kept.</returns>
    public static Tensor Apply(Tensor input, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var type = NSDropoutMath.StatisticsType(input.dtype);
        var kept = mask.sum(type: type).clamp_min(1);
        var scale = full_like(kept, mask.numel()).div(kept);
        return input.mul(mask.to(type).mul_(scale).to(input.dtype)).MoveToOuterDisposeScope();
    }
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.DropBlock2d(double, long)"/>
        public static DropBlock2d DropBlock2d(double p = 0.1, long block_size = 7) => new(p, block_size);
    }
}
