using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public class DropRatesTests
{
    public static TheoryData<string> OfTorchSharp => [.. Makers.Keys];

    private static readonly Dictionary<string, Func<nn.Module<Tensor, Tensor>>> Makers = new(StringComparer.Ordinal)
    {
        ["Dropout"] = () => torch.nn.Dropout(0.4),
        ["Dropout1d"] = () => torch.nn.Dropout1d(0.4),
        ["Dropout2d"] = () => torch.nn.Dropout2d(0.4),
        ["Dropout3d"] = () => torch.nn.Dropout3d(0.4),
        ["AlphaDropout"] = () => torch.nn.AlphaDropout(0.4),
        ["FeatureAlphaDropout"] = () => torch.nn.FeatureAlphaDropout(0.4),
    };

    [Theory, MemberData(nameof(OfTorchSharp))]
    public void Of_TorchSharpsDropouts_SetsTheRateOfTheNextCall(string name)
    {
        using var scope = NewDisposeScope();
        using var layer = Makers[name]();
        var rate = DropRates.Of(layer)!;
        Assert.Equal(0.4, rate.p);
        rate.p = 0;
        var x = rand([4, 3, 2, 2, 2]);
        if (name == "Dropout1d") x = rand(4, 3, 2);
        if (name == "Dropout2d") x = rand([4, 3, 2, 2]);
        Assert.True(Data.SameBits(x, layer.call(x)));
        rate.p = 0.9;
        Assert.False(Data.SameBits(x, layer.call(x)));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => rate.p = 1.5);
        Assert.StartsWith("p must be in [0, 1], but got 1.5.", error.Message, StringComparison.Ordinal);
        Assert.Equal(0.9, rate.p);
    }

    [Fact]
    public void In_AModel_NamesEachLayerOnce()
    {
        var shared = torch.nn.FastDropout(0.1);
        using var model = torch.nn.Sequential(
            ("first", torch.nn.Linear(4, 4)), ("a", shared), ("inner", torch.nn.Sequential(("b", torch.nn.Dropout(0.2)), ("again", shared))), ("c", torch.nn.DropPath(0.3)));
        Assert.Equal([("a", 0.1), ("c", 0.3), ("inner.b", 0.2)], DropRates.In(model).Select(named => (named.Name, named.Layer.p)));
        Assert.Equal([("FastDropout", 0.1)], DropRates.In(shared).Select(named => (named.Name, named.Layer.p)));
        Assert.Null(DropRates.Of(model));
    }
}
