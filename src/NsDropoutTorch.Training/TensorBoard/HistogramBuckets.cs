using Tensorboard;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.TensorBoard;

/// <summary>The distribution of a tensor's elements in TensorBoard's form.</summary>
internal static class HistogramBuckets
{
    private const int Count = 30;

    /// <summary>Counts of the finite elements in equal intervals between the least and the greatest; one interval where these are equal, none without an element.</summary>
    public static HistogramProto Of(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var all = values.detach().to(ScalarType.Float64).flatten();
        var finite = all.masked_select(all.isfinite());
        if (finite.numel() == 0)
            return new();

        // One copy to the host for all.
        var sums = stack([finite.min(), finite.max(), finite.sum(), finite.pow(Scalars.Of(2)).sum()]);
        var read = cat([sums, finite.histc(Count)]).cpu().data<double>().ToArray();
        var (min, max) = (read[0], read[1]);
        var histogram = new HistogramProto { Min = min, Max = max, Num = finite.numel(), Sum = read[2], SumSquares = read[3] };
        if (min == max)
        {
            histogram.BucketLimit.Add(max);
            histogram.Bucket.Add(finite.numel());
        }
        else
        {
            histogram.BucketLimit.AddRange(Enumerable.Range(1, Count).Select(i => i == Count ? max : min + ((max - min) * i / Count)));
            histogram.Bucket.AddRange(read[4..]);
        }

        return histogram;
    }
}
