using TorchSharp;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class LayerCatalogTests
{
    [Fact]
    public void Find_Unknown_SuggestsTheNearest()
    {
        var e = Assert.Throws<ArgumentException>(() => LayerCatalog.Find("ns-dropout"));

        Assert.Equal("layer must be one of none, dropout, nsdropout, but got 'ns-dropout'; the nearest is 'nsdropout'.", e.Message);
    }

    [Fact]
    public void Create_EveryLayer_KeepsTheShape()
    {
        foreach (var kind in LayerCatalog.All)
        {
            using var layer = kind.Create(new(8, 3, 0.25));
            using var input = torch.ones(5, 8);
            using var labels = torch.zeros([5], dtype: torch.ScalarType.Int64);
            using var scope = LabelScope.Use(labels);
            using var output = layer?.call(input);

            Assert.Equal([5, 8], (output ?? input).shape);
            Assert.Equal(kind.Name == "none", layer is null);
        }
    }
}
