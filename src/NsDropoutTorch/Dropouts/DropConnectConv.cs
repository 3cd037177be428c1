using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary><see cref="DropConnectLinear"/> for convolutions over [N, C, L]: drops weights of the kernels, and keeps biases (docs/layers.md).</summary>
/// <inheritdoc cref="DropConnectConvModule" path="/remarks"/>
/// <param name="in_channels">Number of channels of the input.</param>
/// <param name="out_channels">Number of channels of the output.</param>
/// <param name="kernel_size">Side of the kernels.</param>
/// <param name="p">Drop rate of weights in [0, 1]; with 1 the bias alone is left.</param>
/// <param name="stride">Distance from one place of the kernels to the next, at least 1.</param>
/// <param name="padding">Zeros on each side of the input, at least 0.</param>
/// <param name="dilation">Distance from one weight of a kernel to the next, at least 1.</param>
/// <param name="groups">Number of groups of channels that do not see each other; it divides both numbers of channels.</param>
/// <param name="bias">Whether there is a bias.</param>
/// <param name="device">Where the parameters live.</param>
/// <param name="dtype">Floating dtype of the parameters.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class DropConnectConv1d(
    long in_channels, long out_channels, long kernel_size, double p = 0.5, long stride = 1, long padding = 0, long dilation = 1, long groups = 1, bool bias = true,
    Device? device = null, ScalarType? dtype = null)
    : DropConnectConvModule(nameof(DropConnectConv1d), "L", new(in_channels, out_channels, kernel_size, stride, padding, dilation, groups), p, bias, device, dtype);

/// <summary><see cref="DropConnectLinear"/> for convolutions over [N, C, H, W]: drops weights of the kernels, and keeps biases (docs/layers.md).</summary>
/// <inheritdoc cref="DropConnectConv1d"/>
public sealed class DropConnectConv2d(
    long in_channels, long out_channels, long kernel_size, double p = 0.5, long stride = 1, long padding = 0, long dilation = 1, long groups = 1, bool bias = true,
    Device? device = null, ScalarType? dtype = null)
    : DropConnectConvModule(nameof(DropConnectConv2d), "H, W", new(in_channels, out_channels, kernel_size, stride, padding, dilation, groups), p, bias, device, dtype);

/// <summary>What <see cref="DropConnectConv1d"/> and <see cref="DropConnectConv2d"/> share, which is all but the number of dimensions.</summary>
/// <remarks>
/// One mask for the batch; kept weights are multiplied by 1/(1−p). Parameters, their names and their initial values are those of TorchSharp's convolutions, so that
/// state goes from one to the other.
/// </remarks>
public abstract class DropConnectConvModule : WeightedDropoutModule
{
    private readonly ConvolutionSizes sizes;
    private readonly string positions;

    private protected DropConnectConvModule(string name, string positions, ConvolutionSizes sizes, double p, bool bias, Device? device, ScalarType? dtype)
        : base(name, p, sizes.Checked().WeightShape(RankOf(positions)), bias, device, dtype) => (this.positions, this.sizes) = (positions, sizes);

    /// <summary>False: the batch shares the mask of the weights.</summary>
    public override bool DrawsForEachRow => false;

    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"{sizes.InWords}, p={p}, bias={bias is not null}");

    private protected override Tensor Train(Tensor input) => Convolve(input, ScaledMask.Apply(weight, DropConnectMath.Mask(weight, p, generator: generator), p));

    private protected override Tensor Evaluate(Tensor input) => Convolve(input, weight);

    private protected override void CheckShape(Tensor input)
    {
        if (input.ndim != Rank + 2 || input.size(1) != sizes.Inputs)
            throw Check.WrongShape(Invariant($"[N, {sizes.Inputs}, {positions}]"), input);
    }

    private int Rank => RankOf(positions);

    private static int RankOf(string positions) => positions.Count(letter => letter == ',') + 1;

    private Tensor Convolve(Tensor input, Tensor kernels) => MaskedConvolution.Apply(
        input, kernels, bias, Each(sizes.Stride), Each(sizes.Padding), Each(sizes.Dilation), sizes.Groups);

    private long[] Each(long size) => [.. Enumerable.Repeat(size, Rank)];
}

/// <summary>The sizes of a convolution that are the same in each of its dimensions.</summary>
internal sealed record ConvolutionSizes(long Inputs, long Outputs, long Kernel, long Stride, long Padding, long Dilation, long Groups)
{
    public string InWords => string.Create(
        CultureInfo.InvariantCulture,
        $"in_channels={Inputs}, out_channels={Outputs}, kernel_size={Kernel}, stride={Stride}, padding={Padding}, dilation={Dilation}, groups={Groups}");

    public long[] WeightShape(int rank) => [Outputs, Inputs / Groups, .. Enumerable.Repeat(Kernel, rank)];

    public ConvolutionSizes Checked()
    {
        Check.AtLeastOne(Inputs, "in_channels");
        Check.AtLeastOne(Outputs, "out_channels");
        Check.AtLeastOne(Kernel, "kernel_size");
        Check.AtLeastOne(Stride, "stride");
        Check.AtLeastOne(Dilation, "dilation");
        Check.AtLeastOne(Groups, "groups");
        Check.NotNegative(Padding, "padding");
        return Inputs % Groups == 0 && Outputs % Groups == 0 ? this : throw Indivisible(Groups);
    }

    private ArgumentOutOfRangeException Indivisible(long groups) =>
        new(nameof(groups), Invariant($"groups must divide in_channels and out_channels, but got {groups} for {Inputs} and {Outputs}."));
}

/// <summary>Convolutions with weights that are given, of one to three dimensions, by those of the weights.</summary>
internal static class MaskedConvolution
{
    public static Tensor Apply(Tensor input, Tensor weight, Tensor? bias, long[] strides, long[] padding, long[] dilation, long groups) => weight.ndim switch
    {
        3 => nn.functional.conv1d(input, weight, bias, strides[0], padding[0], dilation[0], groups),
        4 => nn.functional.conv2d(input, weight, bias, strides, padding, dilation, groups),
        _ => nn.functional.conv3d(input, weight, bias, strides, padding, dilation, groups),
    };
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.DropConnectConv1d(long, long, long, double, long, long, long, long, bool, Device?, ScalarType?)"/>
        public static DropConnectConv1d DropConnectConv1d(
            long in_channels, long out_channels, long kernel_size, double p = 0.5, long stride = 1, long padding = 0, long dilation = 1, long groups = 1,
            bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, kernel_size, p, stride, padding, dilation, groups, bias, device, dtype);

        /// <inheritdoc cref="NsDropoutTorch.Dropouts.DropConnectConv2d(long, long, long, double, long, long, long, long, bool, Device?, ScalarType?)"/>
        public static DropConnectConv2d DropConnectConv2d(
            long in_channels, long out_channels, long kernel_size, double p = 0.5, long stride = 1, long padding = 0, long dilation = 1, long groups = 1,
            bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, kernel_size, p, stride, padding, dilation, groups, bias, device, dtype);
    }
}
