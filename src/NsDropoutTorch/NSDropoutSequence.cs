using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Neuron specific dropout of sequences, [N, T, F] or [T, N, F]: with one mask of F features for all positions, or with a mask of its own for each of T positions (docs/layers.md).
/// </summary>
/// <remarks>
/// Without <c>length</c> it is <see cref="NSDropout"/> on the means over positions, its masks applied to every position, as <see cref="NSDropout2d"/> is for images: within a batch the
/// class means are those over samples and positions. Sequences may differ in length from batch to batch; each counts once, and positions that only fill up a sequence count as others do.
/// With it, it is <see cref="NSDropout"/> on T·F neurons, position by position, and takes sequences of that length alone.
/// </remarks>
public sealed class NSDropoutSequence : NSDropoutModule
{
    /// <summary>Creates the layer; until validation activations are captured it is ordinary dropout, of a feature at all positions or of T·F elements.</summary>
    /// <param name="num_features">Number of features F of a position.</param>
    /// <param name="num_classes">Number of classes C of a sequence.</param>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <param name="length">Number of positions T with masks of their own; null: one mask for all positions, whatever their number.</param>
    /// <param name="options">Choices; null takes <see cref="NSDropoutOptions.Default"/>.</param>
    /// <param name="device">Where the buffers live.</param>
    /// <param name="dtype">Floating dtype of the input; statistics take Float64 for Float64, else Float32.</param>
    /// <param name="batch_first">Whether inputs are [N, T, F]; else they are [T, N, F], as recurrent layers have them unless they are told otherwise.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public NSDropoutSequence(
        long num_features, long num_classes, double p = 0.5, long? length = null, NSDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null, bool batch_first = true)
        : base(nameof(NSDropoutSequence), num_features, num_classes, p, options, device, dtype, length is { } positions ? Check.AtLeastOne(positions, nameof(length)) : 1) =>
        (this.length, this.batch_first) = (length, batch_first);

    /// <summary>Number of positions with masks of their own: buffers have T·F columns then, a position after the other; null: F columns, for all positions.</summary>
    public long? length { get; }

    /// <summary>Whether inputs are [N, T, F] and not [T, N, F].</summary>
    public bool batch_first { get; }

    /// <inheritdoc/>
    public override bool DrawsForEachRow => batch_first;

    private protected override string Sizes => $"{base.Sizes}{(length is null ? "" : Invariant($", length={length}"))}{(batch_first ? "" : ", batch_first=False")}";

    private protected override string InputShape
    {
        get
        {
            var positions = length is null ? "T" : Invariant($"{length}");
            return batch_first ? Invariant($"[N, {positions}, {num_features}]") : Invariant($"[{positions}, N, {num_features}]");
        }
    }

    private protected override bool Fits(Tensor input) =>
        input.ndim == 3 && input.size(2) == num_features && (input.size(batch_first ? 1 : 0) is var positions && (length is null ? positions > 0 : positions == length));

    // Views: a product takes the order of elements from the input, so outputs are contiguous where inputs are.
    private protected override Tensor ToUnits(Tensor input)
    {
        var samples = batch_first ? input : input.transpose(0, 1);
        return length is null ? samples.transpose(1, 2) : samples.reshape(samples.size(0), samples.size(1) * samples.size(2));
    }

    private protected override Tensor FromUnits(Tensor output, Tensor input)
    {
        var samples = length is { } positions ? output.view(-1, positions, num_features) : output.transpose(1, 2);
        return batch_first ? samples : samples.transpose(0, 1).contiguous();
    }

    private protected override Tensor Features(Tensor units)
    {
        using var noGrad = no_grad();
        return length is null ? units.mean([2L], type: NSDropoutMath.StatisticsType(units.dtype)) : units;
    }
}

public static partial class NSDropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.NSDropoutSequence(long, long, double, long?, NSDropoutOptions?, Device?, ScalarType?, bool)"/>
        public static NSDropoutSequence NSDropoutSequence(
            long num_features, long num_classes, double p = 0.5, long? length = null, NSDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null, bool batch_first = true) =>
            new(num_features, num_classes, p, length, options, device, dtype, batch_first);
    }
}
