using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Neuron specific dropout as pure functions on tensors ("Neuron Specific Dropout", arXiv 2201.06938). Sizes: N rows,
/// F features, C classes. No function loops over rows or classes, and none copies to the host.
/// </summary>
public static class NSDropoutMath
{
    /// <summary>The number of neurons to drop, k = round(p·F), halves to even as in the reference.</summary>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <param name="numFeatures">Number of neurons F, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">p or numFeatures is out of range.</exception>
    public static long DropCount(double p, long numFeatures)
    {
        Check.Rate(p);
        Check.AtLeastOne(numFeatures);
        return (long)Math.Round(p * numFeatures, MidpointRounding.ToEven);
    }

    /// <summary>The factor of kept activations where each is dropped with probability p: 1/(1−p).</summary>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static double KeepScale(double p)
    {
        Check.Rate(p);
        return 1 / (1 - p);
    }

    /// <summary>
    /// The factor of kept activations where exactly k of F neurons are dropped: F/(F−k). The factors of all neurons, zeros included, have mean 1.
    /// </summary>
    /// <param name="k">Neurons dropped, in [0, F].</param>
    /// <param name="numFeatures">Number of neurons F, at least 1.</param>
    /// <returns>A finite number; 1 where k is 0 or F.</returns>
    /// <exception cref="ArgumentOutOfRangeException">k or numFeatures is out of range.</exception>
    public static double CountScale(long k, long numFeatures)
    {
        Check.AtLeastOne(numFeatures);
        Check.Count(k, numFeatures);
        return k == numFeatures ? 1 : (double)numFeatures / (numFeatures - k);
    }

    /// <summary><see cref="CountScale"/> of each mask, by the number of neurons it drops: 1 for a mask that drops none, and for a mask that drops all.</summary>
    /// <param name="masks">Bool [C, F].</param>
    /// <param name="dtype">Floating dtype of what the masks are applied to.</param>
    /// <returns>[C, 1] of <see cref="StatisticsType"/>.</returns>
    public static Tensor CountScales(Tensor masks, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var numFeatures = masks.size(1);
        var kept = masks.sum(1L, keepdim: true, type: StatisticsType(dtype));
        kept.masked_fill_(kept.eq(Scalars.Of(0)), Scalars.Of(numFeatures));
        return full_like(kept, Scalars.Of(numFeatures)).div_(kept).MoveToOuterDisposeScope();
    }

    /// <summary>The dtype statistics of an input are computed in: Float64 for Float64, else Float32, so that half precision sums do not saturate.</summary>
    public static ScalarType StatisticsType(ScalarType dtype) =>
        dtype is ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>Rows per class, n_c = |{i : y_i = c}|.</summary>
    /// <param name="labels">Class indices [N], Int64 in [0, numClasses).</param>
    /// <param name="numClasses">Number of classes C.</param>
    /// <returns>Int64 [C].</returns>
    public static Tensor ClassCounts(Tensor labels, long numClasses)
    {
        using var scope = NewDisposeScope();
        if (numClasses == 1) return full(1, Scalars.Of(labels.size(0)), ScalarType.Int64, labels.device).MoveToOuterDisposeScope();
        var counts = zeros(numClasses, dtype: ScalarType.Int64, device: labels.device);
        return counts.index_add_(0, labels, ones_like(labels), Scalars.One).MoveToOuterDisposeScope();
    }

    /// <summary>Sums per class, s_c = Σ_{i : y_i = c} x_i, by one indexed addition.</summary>
    /// <remarks>
    /// An indexed addition keeps classes apart even where activations are not finite, which a product with one-hot labels
    /// does not (0·NaN). On CUDA its order of addition, and so the last bits, may differ between runs, but for a single class, where it is a plain sum.
    /// </remarks>
    /// <param name="activations">[N, F].</param>
    /// <param name="labels">Class indices [N], Int64 in [0, numClasses).</param>
    /// <param name="numClasses">Number of classes C.</param>
    /// <returns>[C, F] of <see cref="StatisticsType"/>; a class without rows has zeros.</returns>
    public static Tensor ClassSums(Tensor activations, Tensor labels, long numClasses)
    {
        using var scope = NewDisposeScope();
        var dtype = StatisticsType(activations.dtype);
        if (numClasses == 1 && activations.device_type != DeviceType.CPU) return activations.sum([0L], keepdim: true, type: dtype).MoveToOuterDisposeScope();
        var sums = zeros(numClasses, activations.size(1), dtype, activations.device);
        return sums.index_add_(0, labels, activations.to(dtype), Scalars.One).MoveToOuterDisposeScope();
    }

    /// <summary>Means per class, s_c / n_c.</summary>
    /// <inheritdoc cref="ClassSums" path="/param"/>
    /// <returns>[C, F] of <see cref="StatisticsType"/>; a class without rows has zeros.</returns>
    public static Tensor ClassMeans(Tensor activations, Tensor labels, long numClasses)
    {
        using var scope = NewDisposeScope();
        var means = Means(ClassSums(activations, labels, numClasses), ClassCounts(labels, numClasses));
        return means.MoveToOuterDisposeScope();
    }

    /// <summary>Means of sums, s_c / max(n_c, 1).</summary>
    /// <param name="sums">[C, F].</param>
    /// <param name="counts">Int64 [C].</param>
    /// <returns>[C, F]; a class without rows has zeros.</returns>
    public static Tensor Means(Tensor sums, Tensor counts)
    {
        using var scope = NewDisposeScope();
        return sums.div(counts.clamp_min(Scalars.Of(1)).unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <summary>How much more active a neuron is in training than in validation, gap = mean_train − mean_validation, or its absolute value.</summary>
    /// <param name="trainMeans">[C, F].</param>
    /// <param name="validationMeans">[C, F].</param>
    /// <param name="absolute">Whether to take |gap|.</param>
    /// <returns>[C, F].</returns>
    public static Tensor Gap(Tensor trainMeans, Tensor validationMeans, bool absolute = false)
    {
        using var scope = NewDisposeScope();
        var gap = trainMeans.sub(validationMeans);
        return (absolute ? gap.abs_() : gap).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Class masks that drop exactly k neurons per class: those with the largest gap, or with the smallest when
    /// <paramref name="keepLargest"/> is set.
    /// </summary>
    /// <remarks>
    /// A gap that is NaN or infinite ranks last: such a neuron is dropped only when k exceeds the number of finite gaps
    /// (0·∞ would put NaN into the output). Of equal gaps the lower-numbered neurons come first where gaps lie in host memory;
    /// on a device libtorch's <c>topk</c> chooses, the same way for the same gaps.
    /// </remarks>
    /// <param name="gap">[C, F], floating.</param>
    /// <param name="k">Neurons to drop in [0, F].</param>
    /// <param name="keepLargest">Whether the largest gaps are kept (the reference's binary variant).</param>
    /// <returns>Bool [C, F], true where the neuron is kept.</returns>
    /// <exception cref="ArgumentOutOfRangeException">k is not in [0, F].</exception>
    public static Tensor DropMask(Tensor gap, long k, bool keepLargest = false)
    {
        Check.Count(k, gap.size(1));
        return k > 0 && HostTopK.Reaches(gap) ? HostTopK.DropMask(gap, (int)k, keepLargest) : DropMaskByTopK(gap, (int)k, keepLargest);
    }

    /// <summary><see cref="DropMask"/> by operators alone, which read nothing on the host.</summary>
    internal static Tensor DropMaskByTopK(Tensor gap, int k, bool keepLargest)
    {
        using var scope = NewDisposeScope();
        var keep = ones_like(gap, ScalarType.Bool);
        if (k > 0)
            keep.scatter_(1, LargestFinite(gap, k, keepLargest), zeros(gap.size(0), k, ScalarType.Bool, gap.device));
        return keep.MoveToOuterDisposeScope();
    }

    /// <summary>An ordinary dropout mask, each element kept with probability 1−p.</summary>
    /// <param name="rows">Number of rows N.</param>
    /// <param name="numFeatures">Number of features F.</param>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <param name="device">Where the mask lives and is drawn.</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>Bool [N, F], true where the element is kept.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor BernoulliMask(long rows, long numFeatures, double p, Device? device = null, Generator? generator = null)
    {
        Check.Rate(p);
        return MaskBits.Keep([rows, numFeatures], p, device, generator);
    }

    /// <summary>
    /// Running average of class means, average ← (1−m)·average + m·batch, for the classes in the batch. An average that is not
    /// finite (no batch yet, or an overflow) starts again from the batch.
    /// </summary>
    /// <param name="averages">[C, F], NaN where there is none yet.</param>
    /// <param name="batchMeans">[C, F].</param>
    /// <param name="seen">Bool [C], true where the batch has rows of the class.</param>
    /// <param name="momentum">Weight m of the batch in (0, 1].</param>
    /// <returns>[C, F].</returns>
    public static Tensor RunningMeans(Tensor averages, Tensor batchMeans, Tensor seen, double momentum)
    {
        using var scope = NewDisposeScope();
        var blended = averages.mul(Scalars.Of(1 - momentum)).add_(batchMeans.mul(Scalars.Of(momentum)), Scalars.One);
        var next = where(averages.isfinite(), blended, batchMeans);
        return where(seen.unsqueeze(1), next, averages).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of the class masks, m̄ = (1/C)·Σ_c m_c: the expected mask of a sample whose class is unknown and uniform.</summary>
    /// <param name="classMasks">[C, F], Bool, or floating where masks are scaled already.</param>
    /// <param name="dtype">Floating dtype of the result.</param>
    /// <returns>[1, F].</returns>
    public static Tensor MeanMask(Tensor classMasks, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        return classMasks.to(dtype).mean([0L], keepdim: true).MoveToOuterDisposeScope();
    }

    /// <summary>Applies masks: output_i = input_i · mask[y_i] · scale.</summary>
    /// <remarks>Multiplication keeps NaN where it was: 0·NaN is NaN, as in PyTorch's dropout.</remarks>
    /// <param name="input">[N, F] or [N, F, …]; dimensions after the second share the mask of their feature.</param>
    /// <param name="masks">[C, F], Bool or floating; [1, F] or [N, F] where labels is null.</param>
    /// <param name="labels">Class indices [N], Int64 in [0, C); null applies the rows of masks as they are.</param>
    /// <param name="scale">Factor of all masks, usually <see cref="CountScale"/> or <see cref="KeepScale"/>.</param>
    /// <param name="scaleBackward">Whether the gradient is scaled as the output is; the reference leaves the factor out.</param>
    /// <returns>A new tensor of input's shape and dtype.</returns>
    public static Tensor Apply(Tensor input, Tensor masks, Tensor? labels, double scale = 1, bool scaleBackward = true)
    {
        var factor = scaleBackward ? scale : 1;
        var inPlace = labels is null ? null : HostClassMasks.For(input, masks, labels, factor);
        if (inPlace is not null && scaleBackward) return inPlace.Multiply(input);

        using var scope = NewDisposeScope();
        var output = inPlace?.Multiply(input) ?? MultiplyByOperators(input, masks, labels, factor);
        if (scaleBackward) return output.MoveToOuterDisposeScope();

        // The values change under no_grad; the recorded multiplication by the mask and the tensors that it saved do not.
        using var valuesOnly = no_grad();
        return output.mul_(Scalars.Of(scale)).MoveToOuterDisposeScope();
    }

    /// <summary>input_i · mask[y_i] · scale by operators alone, which read nothing on the host.</summary>
    internal static Tensor MultiplyByOperators(Tensor input, Tensor masks, Tensor? labels, double scale)
    {
        // The table of C rows is scaled, not the N rows taken from it.
        var table = Table(masks, input.dtype, scale);
        var rows = labels is null ? table : table.index_select(0, labels);
        return input.mul(OverFeatures(rows, input.ndim));
    }

    /// <summary>Applies masks that have a factor each: output_i = input_i · mask[y_i] · scale[y_i].</summary>
    /// <param name="input">[N, F] or [N, F, …]; dimensions after the second share the mask of their feature.</param>
    /// <param name="masks">[C, F], Bool or floating.</param>
    /// <param name="labels">Class indices [N], Int64 in [0, C).</param>
    /// <param name="scales">Factors [C, 1], floating, usually <see cref="CountScales"/>.</param>
    /// <param name="scaleBackward">Whether the gradient is scaled as the output is.</param>
    /// <returns>A new tensor of input's shape and dtype.</returns>
    public static Tensor Apply(Tensor input, Tensor masks, Tensor labels, Tensor scales, bool scaleBackward = true)
    {
        using var scope = NewDisposeScope();
        if (scaleBackward) return Apply(input, masks.mul(scales), labels).MoveToOuterDisposeScope();
        var output = Apply(input, masks, labels);
        using var valuesOnly = no_grad();
        return output.mul_(OverFeatures(scales.to(input.dtype).index_select(0, labels), input.ndim)).MoveToOuterDisposeScope();
    }

    // For a Bool mask filling costs half of converting and multiplying.
    private static Tensor Table(Tensor masks, ScalarType dtype, double scale) => masks.dtype is ScalarType.Bool
        ? zeros_like(masks, dtype).masked_fill_(masks, Scalars.Of(scale))
        : scale == 1 ? masks.to(dtype) : masks.to(dtype).mul(Scalars.Of(scale));

    private static Tensor LargestFinite(Tensor gap, int k, bool keepLargest)
    {
        const double last = double.NegativeInfinity;
        var rank = (keepLargest ? gap.neg() : gap).nan_to_num(last, last, last);
        return rank.topk(k, 1, largest: true, sorted: false).indexes;
    }

    private static Tensor OverFeatures(Tensor rows, long ndim)
    {
        if (ndim == 2) return rows;
        var shape = new long[ndim];
        Array.Fill(shape, 1);
        (shape[0], shape[1]) = (rows.size(0), rows.size(1));
        return rows.view(shape);
    }
}
