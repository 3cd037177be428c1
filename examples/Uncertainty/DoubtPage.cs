using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Uncertainty;

/// <summary>A page with reliability diagrams and the images that a model should not be trusted with.</summary>
/// <param name="images">The test part.</param>
/// <param name="answers">The model's answer to each image, [N].</param>
/// <param name="doubt">How unsure it is, [N].</param>
internal sealed class DoubtPage(ImageSet images, Tensor answers, Tensor doubt)
{
    private readonly long[] answers = answers.data<long>().ToArray();
    private readonly float[] doubt = doubt.data<float>().ToArray();
    private const int PixelSide = 12;

    /// <summary>The page.</summary>
    /// <param name="diagrams">Pieces of HTML to begin with.</param>
    /// <param name="count">Number of images, the most doubtful first.</param>
    public string Render(IEnumerable<string> diagrams, int count)
    {
        var rows = Enumerable.Range(0, doubt.Length).OrderByDescending(row => doubt[row]).Take(count);
        return $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Which images should not be trusted to the model?</title></head>
            <body style="font-family: sans-serif; max-width: 60rem; margin: 2rem auto">
            <h1>Which images should not be trusted to the model?</h1>
            {string.Join('\n', diagrams)}
            <h2>Images that the samples disagree on most</h2>
            <div style="display: flex; flex-wrap: wrap; gap: 1rem">
            {string.Join('\n', rows.Select(Image))}
            </div>
            </body></html>

            """;
    }

    private string Image(int row)
    {
        var (width, size) = (images.Width, images.Width * images.Height);
        var caption = $"{images.Labels[row]}, taken for {answers[row]}; doubt {doubt[row]:0.00}";
        var pixels = Enumerable.Range(0, size).Select(i => $"""<rect x="{i % width}" y="{i / width}" width="1" height="1" fill-opacity="{(double)images.Pixels[(row * size) + i] / images.MaxValue:0.##}"/>""");
        return $"""<figure style="margin: 0"><svg role="img" aria-label="{caption}" viewBox="0 0 {width} {images.Height}" width="{width * PixelSide}">{string.Concat(pixels)}</svg><figcaption>{caption}</figcaption></figure>""";
    }
}
