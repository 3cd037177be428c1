using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Experiments.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class EmbeddingNetworkTests
{
    [Fact]
    public void Build_EmbeddingDropout_IsTheEmbedding()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Embedding, "embedding-dropout:p=0.3", after: [1, 2], shape: [1, 8, 8], hidden: [32]);

        Assert.Equal(["words", "embedding1", "flatten", "hidden2", "relu2", "output"], model.named_children().Select(child => child.name));
        var embedding = Assert.Single(model.modules().OfType<EmbeddingDropout>());
        Assert.Equal((0.3, 32, 10), (embedding.p, embedding.num_embeddings, embedding.embedding_dims));
    }

    [Fact]
    public void Build_LayerOfSequences_StandsBehindTheEmbedding()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Embedding, "nsdropout", after: [1, 2], shape: [3, 5, 4], hidden: [6]);
        using var scope = NewDisposeScope();
        using var labels = LabelScope.Use(tensor(new long[] { 0, 1 }));

        Assert.Single(model.modules().OfType<Embedding>());
        Assert.Equal([typeof(NSDropoutSequence), typeof(NSDropout)], model.modules().OfType<NSDropoutModule>().Select(layer => layer.GetType()));
        Assert.Equal([2, 10], model.call(randn(2, 3, 5, 4)).shape);
    }

    /// <summary>The word of a pixel is found by comparing, its vector by its row.</summary>
    [Fact]
    public void Forward_LooksUpTheShadeOfEachPixel()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Embedding, "none", after: [1], shape: [2, 3, 4], hidden: [6]);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var images = cat([randn(4, 2, 3, 4), full(1, 2, 3, 4, -7), full(1, 2, 3, 4, 7), full(1, 2, 3, 4, -1), full(1, 2, 3, 4, 1)]);
        var table = Assert.Single(model.modules().OfType<Embedding>()).weight!;
        var vectors = images.flatten().data<float>().Select(pixel => table[Enumerable.Range(1, 31).Count(word => pixel >= (word - 16) / 8f)]);
        var inputs = stack(vectors).view(8, 2 * 3 * 4 * 10);

        var expected = SmallNetwork.OutputsFrom(model, inputs);

        Assert.True(model.call(images).allclose(expected, 1e-5, 1e-6));
    }
}
