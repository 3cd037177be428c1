using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// DropBlock: drops square blocks of each channel of [N, C, H, W] in training mode, since neighbours in a feature map tell what a dropped element
/// would have (arXiv 1810.12890; docs/layers.md).
/// </summary>
/// <remarks>
/// Blocks overlap, so somewhat less than the share p is dropped; the scale is that of what was kept. In a map smaller than a block the block is as large as
/// the map's shorter side, as in the paper's code.
/// </remarks>
/// <param name="p">Share of elements to drop, in [0, 1).</param>
/// <param name="blockSize">Side of a block, at least 1; with 1 it is dropout.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class DropBlock2d(double p = 0.1, long blockSize = 7)
    : DropoutModule(nameof(DropBlock2d), p)
{
    /// <summary>Side of a block.</summary>
    public long blockSize { get; } = Check.AtLeastOne(blockSize);

    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"p={p}, blockSize={blockSize}");

    private protected override Tensor Train(Tensor input)
    {
        if (input.numel() == 0) return input.alias();
        var side = Math.Min(blockSize, Math.Min(input.size(2), input.size(3)));
        return DropBlockMath.Apply(input, DropBlockMath.Mask(DropBlockMath.Seeds(input, p, side), side));
    }

    private protected override void CheckShape(Tensor input)
    {
        if (input.ndim != 4)
            throw Check.WrongShape("[N, C, H, W]", input);
    }
}
