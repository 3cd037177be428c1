using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>The picture of a sample, for a page.</summary>
internal static class ExamplePicture
{
    /// <summary>The picture as a <c>data:</c> address; null where its numbers do not fit together.</summary>
    public static string? DataUri(ExampleImage image) =>
        image is { Channels: 1 or 3, Height: > 0, Width: > 0 } && image.Pixels.LongLength == (long)image.Channels * image.Height * image.Width
            ? "data:image/png;base64," + Convert.ToBase64String(PngImage.Encode(image.Channels, image.Height, image.Width, image.Pixels))
            : null;
}
