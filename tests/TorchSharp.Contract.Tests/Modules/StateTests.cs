using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Modules;

public sealed class StateTests : ContractTest
{
    [Fact]
    public void StateDict_NamesParametersThenBuffers()
    {
        using var net = new Net();
        Assert.Equal(["scale", "first.weight", "first.bias", "offset"], net.state_dict().Keys);
        Assert.Equal(["m.scale", "m.first.weight", "m.first.bias", "m.offset"], net.state_dict(prefix: "m").Keys);
        Assert.Same(net.Scale, net.state_dict()["scale"]);
    }

    [Fact]
    public void LoadStateDict_CopiesTheValues()
    {
        using Net source = new(), target = new();
        var weight = target.First.weight;
        var (missing, unexpected) = target.load_state_dict(source.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.Same(weight, target.First.weight);
        Assert.True(source.First.weight.Equals(weight));
        source.First.weight.with_requires_grad(false).add_(1);
        Assert.False(source.First.weight.Equals(weight));
    }

    [Fact]
    public void LoadStateDict_Strictly_WantsTheSameNames()
    {
        using var net = new Net();
        var incomplete = net.state_dict();
        incomplete.Remove("scale");
        Assert.Throws<InvalidOperationException>(() => net.load_state_dict(incomplete));
        var overfull = net.state_dict();
        overfull["extra"] = zeros(1);
        Assert.Throws<InvalidOperationException>(() => net.load_state_dict(overfull));
    }

    [Fact]
    public void LoadStateDict_Leniently_TellsWhatDiffers()
    {
        using var net = new Net();
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["offset"] = full(2, 3f), ["extra"] = zeros(1) };
        var (missing, unexpected) = net.load_state_dict(state, strict: false);
        Assert.Equal(["scale", "first.weight", "first.bias"], missing);
        Assert.Equal(["extra"], unexpected);
        Expect.Equal(new[] { 3f, 3 }, net.Offset);
    }

    [Fact]
    public void LoadStateDict_SkipsWhatItIsTold()
    {
        using Net source = new(), target = new();
        source.Offset.fill_(9);
        using (no_grad()) source.Scale.fill_(9);
        target.load_state_dict(source.state_dict(), skip: ["scale"]);
        Expect.Equal(new[] { 9f, 9 }, target.Offset);
        Expect.Equal(new[] { 0.5f, 0.5f }, target.Scale);
    }

    [Fact]
    public void LoadStateDict_BroadcastsSilently()
    {
        using var net = new Net();
        net.load_state_dict(new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["offset"] = full(1, 4f) }, strict: false);
        Expect.Equal(new[] { 4f, 4 }, net.Offset);
    }

    [Fact]
    public void LoadStateDict_ConvertsTypes()
    {
        using var net = new Net();
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["offset"] = tensor(new[] { 1.5, 2 }) };
        net.load_state_dict(state, strict: false);
        Expect.Equal(new[] { 1.5f, 2 }, net.Offset);
    }
}
