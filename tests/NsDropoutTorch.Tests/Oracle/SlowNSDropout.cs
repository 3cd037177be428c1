namespace NsDropoutTorch.Tests.Oracle;

/// <summary>
/// Neuron specific dropout in loops over classes, samples and neurons, written from the paper's description and without tensors.
/// </summary>
internal static class SlowNSDropout
{
    public static double[] ClassMean(double[,] x, long[] labels, int c, out int count)
    {
        var mean = new double[x.GetLength(1)];
        count = 0;
        for (var i = 0; i < x.GetLength(0); i++)
        {
            if (labels[i] != c) continue;
            count++;
            for (var j = 0; j < mean.Length; j++)
                mean[j] += x[i, j];
        }

        for (var j = 0; j < mean.Length; j++)
            mean[j] = count == 0 ? 0 : mean[j] / count;
        return mean;
    }

    /// <summary>The mask of one class: the k neurons that come first by gap are dropped, those without a finite gap last of all.</summary>
    public static bool[] Mask(double[] gap, int k, bool keepLargest = false)
    {
        var order = Enumerable.Range(0, gap.Length)
            .OrderBy(j => double.IsFinite(gap[j]) ? 0 : 1)
            .ThenBy(j => !double.IsFinite(gap[j]) ? 0 : keepLargest ? gap[j] : -gap[j])
            .ToArray();
        var keep = Enumerable.Repeat(true, gap.Length).ToArray();
        for (var r = 0; r < k; r++)
            keep[order[r]] = false;
        return keep;
    }

    public static bool[][] Masks(
        double[,] x, long[] y, double[,] xv, long[] yv, int numClasses, double p, bool[][]? former = null, bool absolute = false, bool keepLargest = false)
    {
        var features = x.GetLength(1);
        var k = (int)Math.Round(p * features, MidpointRounding.ToEven);
        var masks = new bool[numClasses][];
        for (var c = 0; c < numClasses; c++)
        {
            var train = ClassMean(x, y, c, out var inBatch);
            var validation = ClassMean(xv, yv, c, out var inCache);
            if (inBatch == 0 || inCache == 0)
            {
                masks[c] = former?[c] ?? [.. Enumerable.Repeat(true, features)];
                continue;
            }

            var gap = new double[features];
            for (var j = 0; j < features; j++)
            {
                gap[j] = train[j] - validation[j];
                if (absolute) gap[j] = Math.Abs(gap[j]);
            }

            masks[c] = Mask(gap, k, keepLargest);
        }

        return masks;
    }

    /// <summary>F/(number kept) of each mask; a mask that keeps nothing has no factor that matters.</summary>
    public static double[] CountScales(bool[][] masks) =>
        [.. masks.Select(mask => mask.Length / Math.Max(1.0, mask.Count(keep => keep)))];

    public static double[,] Multiply(double[,] x, long[] y, bool[][] masks, double factor) =>
        Multiply(x, y, masks, [.. masks.Select(_ => factor)]);

    public static double[,] Multiply(double[,] x, long[] y, bool[][] masks, double[] factors)
    {
        var output = new double[x.GetLength(0), x.GetLength(1)];
        for (var i = 0; i < x.GetLength(0); i++)
        {
            for (var j = 0; j < x.GetLength(1); j++)
                output[i, j] = masks[y[i]][j] ? x[i, j] * factors[y[i]] : 0 * x[i, j];
        }

        return output;
    }
}
