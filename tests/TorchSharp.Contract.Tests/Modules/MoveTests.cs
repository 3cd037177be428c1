using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Modules;

public sealed class MoveTests : ContractTest
{
    [Fact]
    public void To_AType_ConvertsParametersAndFloatingBuffers()
    {
        using var net = new Net();
        Assert.Same(net, net.to(ScalarType.Float64));
        Assert.All(net.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.Equal(ScalarType.Float64, net.get_buffer("offset")!.dtype);
        Assert.Same(net.Scale, net.parameters().First());
        Assert.Same(net.Offset, net.get_buffer("offset"));
        Assert.Equal(ScalarType.Float64, net.call(ones(1, 3, dtype: ScalarType.Float64)).dtype);
    }

    [Fact]
    public void To_AType_LeavesIntegersAndTruthValuesAlone()
    {
        using var probe = new Probe();
        probe.register_buffer("count", zeros(1, dtype: ScalarType.Int64));
        probe.register_buffer("mask", ones(1, dtype: ScalarType.Bool));
        probe.register_buffer("mean", ones(1));
        probe.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Int64, probe.get_buffer("count")!.dtype);
        Assert.Equal(ScalarType.Bool, probe.get_buffer("mask")!.dtype);
        Assert.Equal(ScalarType.Float64, probe.get_buffer("mean")!.dtype);
    }

    [Fact]
    public void To_KeepsValuesGradientsAndLeaves()
    {
        using var linear = nn.Linear(2, 1);
        var before = linear.weight.detach().clone();
        linear.call(ones(1, 2)).sum().backward();
        linear.to(ScalarType.Float64);
        Assert.True(linear.weight.detach().allclose(before.to(ScalarType.Float64)));
        Assert.True(linear.weight is { is_leaf: true, requires_grad: true });
        Expect.Equal(new[,] { { 1.0, 1 } }, linear.weight.grad!);
    }

    [Fact]
    public void To_TheSameTypeOrPlace_ReplacesNothing()
    {
        using var linear = nn.Linear(2, 1);
        var weight = linear.weight;
        linear.to(ScalarType.Float32).to(CPU).to("cpu").to(DeviceType.CPU).cpu().to(CPU, ScalarType.Float32);
        Assert.Same(weight, linear.weight);
    }

    [Fact]
    public void To_AnIntegerType_Throws()
    {
        using var net = new Net();
        var error = Assert.Throws<ArgumentException>(() => net.to(ScalarType.Int64));
        Assert.Contains("only accepts floating point or complex", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void To_ReachesChildrenThroughTheirOverride()
    {
        using var probe = new Probe();
        using var outer = nn.Sequential(("probe", probe));
        outer.@double();
        Assert.Equal([ScalarType.Float64], probe.Types);
    }

    [Fact]
    public void NamedConversions_AreTo()
    {
        using var linear = nn.Linear(1, 1);
        Assert.Equal(ScalarType.Float64, linear.@double().weight.dtype);
        Assert.Equal(ScalarType.Float32, linear.@float().weight.dtype);
        Assert.Equal(ScalarType.BFloat16, linear.bfloat16().weight.dtype);
    }
}
