namespace NsDropoutTorch.Data;

/// <summary>
/// How pixels become numbers: (x/max − mean) / deviation per channel, max being <see cref="ImageSet.MaxValue"/>.
/// One mean and deviation serve all channels, or there is one of each a channel.
/// </summary>
public sealed record PixelScaling
{
    private PixelScaling(IReadOnlyList<double> means, IReadOnlyList<double> deviations) => (Means, Deviations) = (means, deviations);

    /// <summary>x / 255, in [0, 1].</summary>
    public static PixelScaling Unit { get; } = new([0], [1]);

    /// <summary>(x − 127.5) / 127.5, in [−1, 1]; the scaling of the NSDropout notebooks.</summary>
    public static PixelScaling Symmetric { get; } = new([0.5], [0.5]);

    /// <summary>Subtracted, in units of full intensity.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>Divided by, in units of full intensity.</summary>
    public IReadOnlyList<double> Deviations { get; }

    /// <summary>Known means and deviations per channel, in units of full intensity; for MNIST 0.1307 and 0.3081.</summary>
    public static PixelScaling Standardized(IReadOnlyList<double> means, IReadOnlyList<double> deviations)
    {
        if (means.Count == 0 || means.Count != deviations.Count)
            throw new ArgumentException($"Standardising needs one deviation for each mean, but got {means.Count} means and {deviations.Count} deviations.", nameof(deviations));
        if (!deviations.All(deviation => deviation > 0 && double.IsFinite(deviation)))
            throw new ArgumentException($"deviations must be above 0, but got {string.Join(", ", deviations.Select(deviation => Invariant($"{deviation}")))}.", nameof(deviations));
        return new PixelScaling([.. means], [.. deviations]);
    }

    /// <summary>Means and deviations of <paramref name="images"/> themselves, so that each channel gets mean 0 and deviation 1.</summary>
    public static PixelScaling FitTo(ImageSet images)
    {
        var statistics = ChannelStatistics.Of(images);
        return Standardized([.. statistics.Select(s => s.Mean)], [.. statistics.Select(s => s.Deviation > 0 ? s.Deviation : 1)]);
    }
}

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
