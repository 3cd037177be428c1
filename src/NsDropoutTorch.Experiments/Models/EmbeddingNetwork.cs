using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Models;

/// <summary>
/// A small network for words, which it makes of pixels: embedding with 10 numbers a word – [layer] – h₂ – ReLU – [layer] – … – classes. Pixels as words are an idea of the forum
/// thread behind <c>examples/PixelEmbedding</c>.
/// </summary>
internal static class EmbeddingNetwork
{
    public const string FirstLayer = "embedding1";

    private const int Dimension = 10;

    public static nn.Module<Tensor, Tensor> Build(ModelSettings settings) => nn.Sequential(
        [
            .. settings.InputLayers(),
            ("words", new Words()),
            (FirstLayer, settings.Regularization.Embedding(1, Words.Count, Dimension)),
            .. ModelSettings.LayerAfter(1, settings.Regularization.AfterSequences(1, Dimension)),
            ("flatten", nn.Flatten()),
            .. Mlp.LinearLayers(settings, settings.InputSize * Dimension, first: 2),
        ]);

    /// <summary>Images <c>[N,C,H,W]</c> as sequences of words, Int64 <c>[N,C·H·W]</c>: the word of a pixel is its shade, of which there are eight to 1, from −2 to 2.</summary>
    private sealed class Words() : nn.Module<Tensor, Tensor>(nameof(Words))
    {
        public const int Count = 32;

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return input.flatten(1).mul(Scalars.Of(8)).floor_().add_(Scalars.Of(Count / 2), Scalars.One).clamp_(Scalars.Of(0), Scalars.Of(Count - 1)).to(int64).MoveToOuterDisposeScope();
        }
    }
}
