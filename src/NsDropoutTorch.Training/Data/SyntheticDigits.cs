namespace NsDropoutTorch.Training.Data;

/// <summary>
/// Digits as if written by hand, for machines without data and without a network: 28x28 grey images of ten classes, drawn from templates of
/// strokes with random tremor, bend, affine distortion, thickness and noise. A linear model errs on several per cent of them.
/// </summary>
public static class SyntheticDigits
{
    private const int Size = 28;
    private const double NoiseDeviation = 0.06;

    /// <summary>
    /// The same seed gives the same bytes on every machine; the first images do not depend on how many there are, nor the test on the training images.
    /// </summary>
    public static ImageDataset Generate(int seed, int trainCount = 10_000, int testCount = 10_000) => new(
        "synthetic-digits",
        numClasses: 10,
        OptDigits.ClassNames,
        Draw(seed, firstStream: 0, trainCount),
        Draw(seed, firstStream: 1L << 32, testCount),
        Invariant($"Digits drawn by NsDropoutTorch, {trainCount} training and {testCount} test images, generated with seed {seed}."),
        []);

    // Every image has a generator of its own, so that threads share nothing and their number changes nothing.
    private static ImageSet Draw(int seed, long firstStream, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var pixels = new byte[count * Size * Size];
        var labels = new byte[count];
        Parallel.For(0, count, i =>
        {
            var random = new SeededRandom(seed, firstStream + i);
            labels[i] = (byte)random.Below(10);
            DrawDigit(labels[i], pixels.AsSpan(i * Size * Size, Size * Size), ref random);
        });
        return new ImageSet(channels: 1, Size, Size, pixels, labels);
    }

    private static void DrawDigit(int digit, Span<byte> pixels, ref SeededRandom random)
    {
        Span<double> image = stackalloc double[Size * Size];
        var variants = DigitTemplates.All[digit];
        var template = variants[random.Below(variants.Count)];
        var hand = new Handwriting(ref random);
        foreach (var stroke in template)
            Pen.Draw(image, Size, hand.Write(stroke, ref random).Flatten(), hand.Radius);
        for (var i = 0; i < pixels.Length; i++)
        {
            var noisy = (hand.Ink * image[i]) + (NoiseDeviation * random.NextBell());
            pixels[i] = (byte)((255 * Math.Clamp(noisy, 0, 1)) + 0.5);
        }
    }
}
