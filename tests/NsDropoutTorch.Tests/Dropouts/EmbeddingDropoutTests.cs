using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

public class EmbeddingDropoutTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(4L)]
    public void Constructor_SameSeed_DrawsTheParametersOfEmbedding(long? padding)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var embedding = torch.nn.Embedding(30, 5, padding);
        manual_seed(3);
        using var layer = torch.nn.EmbeddingDropout(30, 5, padding_idx: padding);
        Assert.Equal(embedding.state_dict().Keys, layer.state_dict().Keys);
        Assert.True(Data.SameBits(embedding.weight!, layer.weight));
        if (padding is { } word) Assert.All(Data.Values(layer.weight[word]), v => Assert.Equal(0, v));
    }

    [Fact]
    public void StateDict_LoadsIntoEmbedding_WhichThenGivesTheEvalOutput()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.EmbeddingDropout(30, 5);
        using var embedding = torch.nn.Embedding(30, 5);
        embedding.load_state_dict(layer.state_dict());
        layer.eval();
        var words = Data.Labels(1, 24, 30).reshape(6, 4);
        Assert.True(Data.SameBits(embedding.call(words), layer.call(words)));
        Assert.True(Data.SameBits(embedding.call(words), layer.call(words.to(ScalarType.Int32))));
    }

    [Fact]
    public void Apply_AgreesWithTheOracle()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var (weight, words) = (Data.Normal(1, 30, 5), Data.Labels(2, 24, 30).reshape(6, 4));
        var mask = EmbeddingDropoutMath.Mask(weight, 0.3);
        Assert.Equal([30], mask.shape);
        var (table, indices, kept) = (Data.Values(weight), Data.Integers(words), Data.Values(mask));
        var output = EmbeddingDropoutMath.Apply(words, weight, mask, 0.3);
        Assert.Equal([6, 4, 5], output.shape);
        Data.AssertClose([.. indices.SelectMany(word => Enumerable.Range(0, 5).Select(d => kept[word] != 0 ? table[(word * 5) + d] / 0.7 : 0))], output, 1e-14);
    }

    [Fact]
    public void Train_AWordOfManyPlaces_IsGoneEverywhereOrNowhereAtRateP()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var layer = torch.nn.EmbeddingDropout(4000, 2, 0.75);
        using (no_grad()) layer.weight.fill_(1);
        var places = arange(4000).repeat(3).reshape(3, 4000);
        var rows = Data.Values(layer.call(places)).Chunk(8000).ToList();
        Assert.All(rows, row => Assert.Equal(rows[0], row));
        Assert.All(rows[0].Chunk(2), word => Assert.True(word.All(v => v == 0) || word.All(v => v == 4)));
        // Five standard deviations of a mean over 4,000 draws.
        Assert.InRange(rows[0].Chunk(2).Count(word => word[0] == 0) / 4000.0, 0.75 - 0.0343, 0.75 + 0.0343);
    }

    [Fact]
    public void Backward_Padding_GetsNoGradientAndOthersDo()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.EmbeddingDropout(6, 2, 0, padding_idx: 4);
        layer.call(tensor(new long[] { 4, 1, 4, 1, 2 })).sum().backward();
        Assert.Equal([0, 0, 2, 2, 1, 1, 0, 0, 0, 0, 0, 0], Data.Values(layer.weight.grad!));
    }

    [Theory]
    [InlineData(0, 2, null, "num_embeddings must be at least 1, but got 0.")]
    [InlineData(2, -1, null, "embedding_dims must be at least 1, but got -1.")]
    [InlineData(6, 2, 6L, "padding_idx must be in [0, 6), but got 6.")]
    [InlineData(6, 2, -1L, "padding_idx must be in [0, 6), but got -1.")]
    public void Constructor_SizeOutOfRange_SaysTheRule(long words, long size, long? padding, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => torch.nn.EmbeddingDropout(words, size, padding_idx: padding));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mask_GivenGenerator_DrawsFromItAlone()
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(5, CPU);
        using var same = new Generator(5, CPU);
        Assert.True(Data.SameBits(EmbeddingDropoutMath.Mask(ones(50, 2), 0.5, one), EmbeddingDropoutMath.Mask(ones(50, 2), 0.5, same)));
    }
}
