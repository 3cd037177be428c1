using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Modules;

/// <summary>Weights go from one provider to the other, byte for byte.</summary>
public sealed class FileTests : ContractTest
{
    /// <summary>Two entries: weight, Float32 of 1x2, then bias, Float32 of 1; what TorchSharp 0.105.1 writes for the layer below.</summary>
    private const string Golden = "0206776569676874060201020000803F000000C004626961730601010000003F";

    [Fact]
    public void Save_OfALayer_WritesTheGoldenBytes()
    {
        using var layer = Layer(1, -2, 0.5f);
        Assert.Equal(Golden, Convert.ToHexString(Saved(layer)));
    }

    [Fact]
    public void Load_OfTheGoldenBytes_GivesTheLayer()
    {
        using var layer = nn.Linear(2, 1);
        Assert.Same(layer, layer.load(new MemoryStream(Convert.FromHexString(Golden))));
        Expect.Equal(new[,] { { 1f, -2 } }, layer.weight);
        Expect.Equal(new[] { 0.5f }, layer.bias!);
        Assert.True(layer.weight is { requires_grad: true, is_leaf: true });
    }

    [Fact]
    public void SaveAndLoad_OfAModuleOfManyKinds_KeepEveryTensor()
    {
        using var source = Model();
        using var target = Model();
        foreach (var entry in source.state_dict().Values)
        {
            using (no_grad()) entry.fill_(entry.numel());
        }

        target.load(new MemoryStream(Saved(source)));
        Assert.Equal(source.state_dict().Keys, target.state_dict().Keys);
        Assert.All(source.state_dict(), entry => Assert.True(entry.Value.Equals(target.state_dict()[entry.Key])));
    }

    [Fact]
    public void SaveAndLoad_OfAFile_RoundTrip()
    {
        var location = Path.GetTempFileName();
        try
        {
            using var source = Layer(3, 4, 5);
            using var target = nn.Linear(2, 1);
            source.save(location);
            target.load(location);
            Assert.True(source.weight.Equals(target.weight));
            Assert.Throws<FileNotFoundException>(() => target.load(location + ".absent"));
        }
        finally
        {
            File.Delete(location);
        }
    }

    [Fact]
    public void Load_Strictly_WantsTheSameEntries()
    {
        using var layer = Layer(1, 2, 3);
        using var without = nn.Linear(2, 1, hasBias: false);
        Assert.Throws<ArgumentException>(() => without.load(new MemoryStream(Saved(layer))));
        Assert.Throws<ArgumentException>(() => layer.load(new MemoryStream(Saved(without))));
        using var other = new Shift(1);
        other.register_buffer("more", zeros(1));
        Assert.Throws<ArgumentException>(() => layer.load(new MemoryStream(Saved(other))));
    }

    [Fact]
    public void Load_Leniently_TellsWhatItFound()
    {
        using var layer = Layer(1, 2, 3);
        using var without = nn.Linear(2, 1, hasBias: false);
        var found = new Dictionary<string, bool>(StringComparer.Ordinal);
        without.load(new MemoryStream(Saved(layer)), strict: false, loadedParameters: found);
        Assert.Equal([("weight", true), ("bias", false)], found.Select(entry => (entry.Key, entry.Value)));
        Expect.Equal(new[,] { { 1f, 2 } }, without.weight);
    }

    [Fact]
    public void SaveAndLoad_SkipWhatTheyAreTold()
    {
        using var source = Layer(1, 2, 3);
        using var target = Layer(7, 8, 9);
        target.load(new MemoryStream(Saved(source)), skip: ["weight"]);
        Expect.Equal(new[,] { { 7f, 8 } }, target.weight);
        Expect.Equal(new[] { 3f }, target.bias!);
        Assert.Equal("01046269617306010100004040", Convert.ToHexString(Saved(source, "weight")));
    }

    [Fact]
    public void Load_OfAnotherShape_Throws()
    {
        using var layer = Layer(1, 2, 3);
        using var wider = nn.Linear(3, 1);
        Assert.Throws<ArgumentException>(() => wider.load(new MemoryStream(Saved(layer))));
    }

    private static TorchSharp.Modules.Linear Layer(float first, float second, float bias)
    {
        var layer = nn.Linear(2, 1);
        using var mode = no_grad();
        layer.weight.copy_(tensor(new[,] { { first, second } }));
        layer.bias!.fill_(bias);
        return layer;
    }

    private static TorchSharp.Modules.Sequential Model() => nn.Sequential(
        ("conv", nn.Conv2d(1, 2, 3)), ("norm", nn.BatchNorm2d(2)), ("net", new Net()), ("shift", new Shift(1)));

    private static byte[] Saved(nn.Module module, params string[] skip)
    {
        using var stream = new MemoryStream();
        module.save(stream, skip);
        return stream.ToArray();
    }
}
