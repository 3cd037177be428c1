using TorchSharp;

namespace NsDropoutTorch.Data;

/// <summary>A data set of images of one shape.</summary>
/// <inheritdoc cref="Dataset"/>
public sealed record ImageDataset : Dataset
{
    /// <summary>
    /// Throws <see cref="DataFormatException"/> for a label outside [0, <paramref name="numClasses"/>),
    /// <see cref="ArgumentException"/> where the parts' shapes or the count of names do not agree.
    /// </summary>
    public ImageDataset(
        string name,
        int numClasses,
        IReadOnlyList<string> classNames,
        ImageSet train,
        ImageSet test,
        string source,
        IReadOnlyList<DataFile> files)
        : base(name, numClasses, classNames, source, files)
    {
        (Train, Test) = (train, test);
        if (Shape(train) != Shape(test))
            throw new ArgumentException($"Both parts of {name} must have images of one shape and range, but got {Shape(train)} and {Shape(test)}.", nameof(test));
        CheckClasses(classNames);
    }

    /// <inheritdoc/>
    public override ImageSet Train { get; }

    /// <inheritdoc/>
    public override ImageSet Test { get; }

    private protected override TensorData ToTensors(SampleSet part, PixelScaling? scaling, bool flatten, torch.Device? device) =>
        TensorData.From((ImageSet)part, scaling, flatten, device);

    private static (int Channels, int Height, int Width, int MaxValue) Shape(ImageSet set) => (set.Channels, set.Height, set.Width, set.MaxValue);
}

/// <summary>Labelled images in host memory, one byte a pixel, shape [N,C,H,W], row-major.</summary>
public sealed record ImageSet : SampleSet
{
    /// <summary>
    /// Takes the arrays as they are, without a copy.
    /// Throws <see cref="ArgumentException"/> unless there are N·C·H·W pixels for the N labels, none above <paramref name="maxValue"/>.
    /// </summary>
    /// <param name="channels">C: 1 for grey, 3 for colour.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="pixels">N·C·H·W values from 0 to <paramref name="maxValue"/>.</param>
    /// <param name="labels">N class indices.</param>
    /// <param name="maxValue">The value of full intensity.</param>
    public ImageSet(int channels, int height, int width, byte[] pixels, byte[] labels, byte maxValue = byte.MaxValue)
        : base(labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfZero(maxValue);
        (Channels, Height, Width, Pixels, MaxValue) = (channels, height, width, pixels, maxValue);
        CheckPixels(pixels);
    }

    /// <summary>C.</summary>
    public int Channels { get; }

    /// <summary>H.</summary>
    public int Height { get; }

    /// <summary>W.</summary>
    public int Width { get; }

    /// <summary>The value of full intensity: 255, or less where a format counts fewer shades.</summary>
    public byte MaxValue { get; }

    /// <summary>Values from 0 to <see cref="MaxValue"/>, shape [N,C,H,W], row-major.</summary>
    public byte[] Pixels { get; }

    /// <summary>C·H·W.</summary>
    public int PixelsPerImage => Channels * Height * Width;

    /// <summary>The pixels of one image, shape [C,H,W].</summary>
    public ReadOnlySpan<byte> PixelsOf(int index) => Pixels.AsSpan(index * PixelsPerImage, PixelsPerImage);

    /// <summary>A copy of <paramref name="count"/> consecutive images from <paramref name="start"/> on.</summary>
    public ImageSet Slice(int start, int count) => new(
        Channels,
        Height,
        Width,
        Pixels.AsSpan(start * PixelsPerImage, count * PixelsPerImage).ToArray(),
        Labels.AsSpan(start, count).ToArray(),
        MaxValue);

    private void CheckPixels(byte[] pixels)
    {
        var expected = (long)Count * Channels * Height * Width;
        if (pixels.LongLength != expected)
            throw new ArgumentException(Invariant($"pixels must hold N·C·H·W = {Count}·{Channels}·{Height}·{Width} = {expected} values, but got {pixels.LongLength}."), nameof(pixels));
        var position = MaxValue == byte.MaxValue ? -1 : pixels.AsSpan().IndexOfAnyExceptInRange((byte)0, MaxValue);
        if (position >= 0)
            throw new ArgumentException(Invariant($"pixels must be in [0, {MaxValue}], but got {pixels[position]} in image {position / PixelsPerImage}."), nameof(pixels));
    }
}
