namespace NsDropoutTorch.Training.Data;

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
