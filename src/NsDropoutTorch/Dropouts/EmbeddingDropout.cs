using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// An embedding that drops whole words in training mode: rows of its table, so that a dropped word is gone everywhere in the batch
/// (arXiv 1512.05287, section 4.2; docs/layers.md).
/// </summary>
/// <remarks>The parameter, its name and its initial values are those of TorchSharp's <c>Embedding</c>, so that state goes from one to the other.</remarks>
public sealed class EmbeddingDropout : DropoutModule
{
    /// <inheritdoc cref="EmbeddingDropout" path="/summary"/>
    /// <param name="num_embeddings">Number of words V.</param>
    /// <param name="embedding_dims">Size D of a word's vector.</param>
    /// <param name="p">Drop rate of words in [0, 1]; with 1 the output is 0.</param>
    /// <param name="padding_idx">A word whose vector starts at 0 and is never learned, in [0, V); null: none.</param>
    /// <param name="device">Where the parameter lives.</param>
    /// <param name="dtype">Floating dtype of the parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public EmbeddingDropout(
        long num_embeddings, long embedding_dims, double p = 0.1, long? padding_idx = null, Device? device = null, ScalarType? dtype = null)
        : base(nameof(EmbeddingDropout), p, upToOne: true)
    {
        (this.num_embeddings, this.embedding_dims) = (Check.AtLeastOne(num_embeddings), Check.AtLeastOne(embedding_dims));
        if (padding_idx is { } word && (word < 0 || word >= num_embeddings))
            throw new ArgumentOutOfRangeException(nameof(padding_idx), Invariant($"padding_idx must be in [0, {num_embeddings}), but got {word}."));
        this.padding_idx = padding_idx;
        using var plain = new PlainTensors();
        weight = new Parameter(empty(num_embeddings, embedding_dims, dtype, device));
        ResetParameters();
    }

    /// <summary>Number of words V.</summary>
    public long num_embeddings { get; }

    /// <summary>Size D of a word's vector.</summary>
    public long embedding_dims { get; }

    /// <summary>The word that is never learned, or null.</summary>
    public long? padding_idx { get; }

    /// <summary>E [V, D]; the one it replaces is disposed.</summary>
    public Parameter weight
    {
        get => get_parameter(nameof(weight))!;
        set => Hold(nameof(weight), value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>False: a word is dropped everywhere in the batch.</summary>
    public override bool DrawsForEachRow => false;

    /// <summary>Draws the table anew as TorchSharp's <c>Embedding</c> does, from N(0, 1), and sets the row of padding to 0.</summary>
    public void ResetParameters()
    {
        using var plain = new PlainTensors();
        using var scope = NewDisposeScope();
        nn.init.normal_(weight);
        if (padding_idx is { } word) weight.select(0, word).zero_();
    }

    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"num_embeddings={num_embeddings}, embedding_dims={embedding_dims}, p={p}")
        + (padding_idx is { } word ? Invariant($", padding_idx={word}") : "");

    private protected override Tensor Train(Tensor input) => EmbeddingDropoutMath.Apply(input, weight, EmbeddingDropoutMath.Mask(weight, p, generator), p, padding_idx);

    private protected override Tensor Evaluate(Tensor input) => EmbeddingDropoutMath.Rows(input, weight, padding_idx);

    private protected override void CheckType(Tensor input)
    {
        if (input.dtype is not (ScalarType.Int64 or ScalarType.Int32))
            throw new ArgumentException($"input must hold indices of words, Int64 or Int32, but got {input.dtype}: convert it with input.to(torch.int64).", nameof(input));
    }
}

/// <summary>
/// Dropout of words as pure functions on tensors (Gal, Ghahramani: "A Theoretically Grounded Application of Dropout in Recurrent Neural Networks", NeurIPS 2016,
/// arXiv 1512.05287; scaled as in Merity, Keskar, Socher: "Regularizing and Optimizing LSTM Language Models", arXiv 1708.02182).
/// </summary>
public static class EmbeddingDropoutMath
{
    /// <summary>Which words are kept, each with probability 1−p.</summary>
    /// <param name="weight">E [V, D].</param>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>Bool [V].</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Mask(Tensor weight, double p, Generator? generator = null) => MaskBits.Keep([weight.size(0)], Check.Share(p), weight.device, generator);

    /// <summary>The vectors of the words, y = m[w]·E[w] / (1−p); y = 0 for p = 1.</summary>
    /// <param name="words">w, Int64 or Int32 of any shape, in [0, V).</param>
    /// <param name="weight">E [V, D].</param>
    /// <param name="mask">m, Bool [V], true where a word is kept.</param>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <param name="paddingIndex">A word that gets no gradient; null: none.</param>
    /// <returns>[…, D] of the dtype of E.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Apply(Tensor words, Tensor weight, Tensor mask, double p, long? paddingIndex = null)
    {
        using var scope = NewDisposeScope();
        // Words are masked where they are looked up: a batch has fewer of them than the table.
        var factors = ScaledMask.Factors(mask, p, weight.dtype).index_select(0, words.flatten());
        return Rows(words, weight, paddingIndex).mul(factors.reshape([.. words.shape, 1])).MoveToOuterDisposeScope();
    }

    /// <summary>The vectors of the words, E[w].</summary>
    /// <param name="words">w, Int64 or Int32 of any shape, in [0, V).</param>
    /// <param name="weight">E [V, D].</param>
    /// <param name="paddingIndex">A word that gets no gradient; null: none.</param>
    /// <returns>[…, D] of the dtype of E.</returns>
    public static Tensor Rows(Tensor words, Tensor weight, long? paddingIndex = null)
    {
        using var scope = NewDisposeScope();
        var rows = weight.index_select(0, words.flatten()).reshape([.. words.shape, weight.size(1)]);
        if (paddingIndex is { } word) rows = where(words.eq(Scalars.Of(word)).unsqueeze(-1), rows.detach(), rows);
        return rows.MoveToOuterDisposeScope();
    }
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.EmbeddingDropout(long, long, double, long?, Device?, ScalarType?)"/>
        public static EmbeddingDropout EmbeddingDropout(
            long num_embeddings, long embedding_dims, double p = 0.1, long? padding_idx = null, Device? device = null, ScalarType? dtype = null) =>
            new(num_embeddings, embedding_dims, p, padding_idx, device, dtype);
    }
}
