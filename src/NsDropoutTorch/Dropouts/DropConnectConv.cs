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
/// <param name="per_sample">Whether every sample has a mask of the kernels of its own, as in the paper, at memory N·(number of weights); else there is one for the batch.</param>
/// <param name="device">Where the parameters live.</param>
/// <param name="dtype">Floating dtype of the parameters.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class DropConnectConv1d(
    long in_channels, long out_channels, long kernel_size, double p = 0.5, long stride = 1, long padding = 0, long dilation = 1, long groups = 1, bool bias = true,
    bool per_sample = false, Device? device = null, ScalarType? dtype = null)
    : DropConnectConvModule(nameof(DropConnectConv1d), "L", new(in_channels, out_channels, kernel_size, stride, padding, dilation, groups), p, bias, per_sample, device, dtype);

/// <summary><see cref="DropConnectLinear"/> for convolutions over [N, C, H, W]: drops weights of the kernels, and keeps biases (docs/layers.md).</summary>
/// <inheritdoc cref="DropConnectConv1d"/>
public sealed class DropConnectConv2d(
    long in_channels, long out_channels, long kernel_size, double p = 0.5, long stride = 1, long padding = 0, long dilation = 1, long groups = 1, bool bias = true,
    bool per_sample = false, Device? device = null, ScalarType? dtype = null)
    : DropConnectConvModule(nameof(DropConnectConv2d), "H, W", new(in_channels, out_channels, kernel_size, stride, padding, dilation, groups), p, bias, per_sample, device, dtype);

/// <summary>What <see cref="DropConnectConv1d"/> and <see cref="DropConnectConv2d"/> share, which is all but the number of dimensions.</summary>
/// <remarks>
/// One mask for the batch, or one for each sample; kept weights are multiplied by 1/(1−p). Parameters, their names and their initial values are those of TorchSharp's convolutions, so that
/// state goes from one to the other.
/// </remarks>
public abstract class DropConnectConvModule : WeightedDropoutModule
{
    private readonly ConvolutionSizes sizes;
    private readonly string positions;
    private readonly bool per_sample;

    private protected DropConnectConvModule(
        string name, string positions, ConvolutionSizes sizes, double p, bool bias, bool per_sample, Device? device, ScalarType? dtype)
        : base(name, p, sizes.Checked().WeightShape(RankOf(positions)), bias, device, dtype) => (this.positions, this.sizes, this.per_sample) = (positions, sizes, per_sample);

    /// <summary>Whether each sample has a mask of its own; else the batch shares that of the weights.</summary>
    public override bool DrawsForEachRow => per_sample;

    private protected override string Settings => string.Create(
        CultureInfo.InvariantCulture, $"{sizes.InWords}, p={p}, bias={bias is not null}{(per_sample ? ", per_sample=True" : "")}");

    private protected override Tensor Train(Tensor input)
    {
        if (!per_sample) return Convolve(input, ScaledMask.Apply(weight, DropConnectMath.Mask(weight, p, generator: generator), p));
        if (input.size(0) == 0) return Convolve(input, weight);
        return MaskedConvolution.ApplyEach(
            input, ScaledMask.Apply(weight, DropConnectMath.Mask(weight, p, input.size(0), generator), p), bias, Each(sizes.Stride), Each(sizes.Padding), Each(sizes.Dilation), sizes.Groups);
    }

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

    /// <summary>
    /// Each sample by kernels of its own, in one convolution of a single sample whose groups are those of all samples: faster than products with unfolded patches for all kernels but
    /// those of one element (docs/decisions.md).
    /// </summary>
    /// <param name="input">[N, C, …], N at least 1.</param>
    /// <param name="weights">[N, O, C / groups, kernel_size, …].</param>
    /// <param name="bias">[O], or null.</param>
    /// <param name="strides">One for each dimension of the kernels, as are the next two.</param>
    /// <param name="padding">Zeros on each side.</param>
    /// <param name="dilation">Distance of weights.</param>
    /// <param name="groups">Groups of channels of a sample.</param>
    /// <returns>[N, O, …].</returns>
    public static Tensor ApplyEach(Tensor input, Tensor weights, Tensor? bias, long[] strides, long[] padding, long[] dilation, long groups)
    {
        using var scope = NewDisposeScope();
        var (samples, outputs) = (weights.size(0), weights.size(1));
        var channels = input.reshape([1, samples * input.size(1), .. input.shape[2..]]);
        var kernels = weights.reshape([samples * outputs, .. weights.shape[2..]]);
        var joined = Apply(channels, kernels, null, strides, padding, dilation, samples * groups);
        var output = joined.view([samples, outputs, .. joined.shape[2..]]);
        return (bias is null ? output : output.add(bias.view([outputs, .. Enumerable.Repeat(1L, strides.Length)]), Scalars.One)).MoveToOuterDisposeScope();
    }
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.DropConnectConv1d(long, long, long, double, long, long, long, long, bool, bool, Device?, ScalarType?)"/>
        public static DropConnectConv1d DropConnectConv1d(
            long in_channels, long out_channels, long kernel_size, double p = 0.5, long stride = 1, long padding = 0, long dilation = 1, long groups = 1,
            bool bias = true, bool per_sample = false, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, kernel_size, p, stride, padding, dilation, groups, bias, per_sample, device, dtype);

        /// <inheritdoc cref="NsDropoutTorch.Dropouts.DropConnectConv2d(long, long, long, double, long, long, long, long, bool, bool, Device?, ScalarType?)"/>
        public static DropConnectConv2d DropConnectConv2d(
            long in_channels, long out_channels, long kernel_size, double p = 0.5, long stride = 1, long padding = 0, long dilation = 1, long groups = 1,
            bool bias = true, bool per_sample = false, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, kernel_size, p, stride, padding, dilation, groups, bias, per_sample, device, dtype);
    }
}
