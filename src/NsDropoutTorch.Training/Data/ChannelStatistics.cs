namespace NsDropoutTorch.Training.Data;

/// <summary>Mean and population standard deviation of one channel, in units of full intensity.</summary>
/// <param name="Mean">Σ x / n / max.</param>
/// <param name="Deviation">√(Σ x² / n − (Σ x / n)²) / max.</param>
public sealed record ChannelStatistics(double Mean, double Deviation)
{
    /// <summary>The statistics of each of C channels over all N images, from exact integer sums; images must not be empty.</summary>
    public static IReadOnlyList<ChannelStatistics> Of(ImageSet images)
    {
        if (images.Count == 0)
            throw new ArgumentException("Statistics need at least one image, but got none.", nameof(images));
        return [.. Enumerable.Range(0, images.Channels).Select(channel => Of(Histogram(images, channel), images.MaxValue))];
    }

    private static ChannelStatistics Of(long[] histogram, int maxValue)
    {
        double n = 0, sum = 0, squares = 0;
        for (var value = 0; value < histogram.Length; value++)
        {
            n += histogram[value];
            sum += (double)value * histogram[value];
            squares += (double)value * value * histogram[value];
        }

        var variance = Math.Max(0, (n * squares) - (sum * sum)) / (n * n);
        return new ChannelStatistics(sum / n / maxValue, Math.Sqrt(variance) / maxValue);
    }

    private static long[] Histogram(ImageSet images, int channel)
    {
        var size = images.Height * images.Width;
        var histogram = new long[256];
        for (var image = 0; image < images.Count; image++)
        {
            foreach (var value in images.PixelsOf(image).Slice(channel * size, size))
                histogram[value]++;
        }

        return histogram;
    }
}
