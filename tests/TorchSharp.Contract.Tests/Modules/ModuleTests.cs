using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Modules;

public sealed class ModuleTests : ContractTest
{
    [Fact]
    public void Components_AreFoundInFieldsInTheirOrder()
    {
        using var net = new Net();
        Assert.Equal(["first", "drop"], net.named_children().Select(child => child.name));
        Assert.Equal(["scale", "first.weight", "first.bias"], net.named_parameters().Select(parameter => parameter.name));
        Assert.Equal(["offset"], net.named_buffers().Select(buffer => buffer.name));
        Assert.Null(net.Absent);
        using var complete = new Net(absent: ones(1));
        Assert.Equal(["offset", "absent"], complete.named_buffers().Select(buffer => buffer.name));
    }

    [Fact]
    public void Traversals_YieldTheSameObjectsAsTheFields()
    {
        using var net = new Net();
        Assert.Same(net.Scale, net.parameters().First());
        Assert.Same(net.First.weight, net.parameters().ElementAt(1));
        Assert.Same(net.Offset, Assert.Single(net.buffers()));
        Assert.Same(net.First, net.children().First());
        Assert.Same(net.Scale, Assert.Single(net.parameters(recurse: false)));
        Assert.Same(net.First.bias, net.get_parameter("first.bias"));
        Assert.Null(net.get_parameter("first.absent"));
        Assert.Same(net.Offset, net.get_buffer("offset"));
        Assert.True(net.has_parameter("first.weight"));
        Assert.False(net.has_buffer("first.weight"));
        Assert.True(net.has_buffer("offset"));
    }

    [Fact]
    public void Modules_ExcludeTheModuleItself_AndGoLevelByLevel()
    {
        using var outer = nn.Sequential(("net", new Net()), ("probe", new Probe()));
        Assert.Equal(["net", "probe", "net.first", "net.drop"], outer.named_modules().Select(module => module.name));
        Assert.Equal(4, outer.modules().Count());
        Assert.DoesNotContain(outer, outer.modules());
    }

    [Fact]
    public void Name_IsTheOneGiven()
    {
        using var net = new Net("mine");
        using var linear = nn.Linear(1, 1);
        Assert.Equal("mine", net.GetName());
        Assert.Equal("Linear", linear.GetName());
    }

    [Fact]
    public void Training_IsOnAtFirstAndReachesChildren()
    {
        using var probe = new Probe();
        using var outer = nn.Sequential(("probe", probe));
        Assert.True(outer.training && probe.training);
        outer.eval();
        Assert.False(outer.training || probe.training);
        outer.train();
        Assert.True(outer.training && probe.training);
        outer.train(false);
        Assert.False(outer.training || probe.training);
        Assert.Contains(true, probe.Modes);
    }

    [Fact]
    public void Apply_VisitsChildrenBeforeTheModule()
    {
        using var net = new Net();
        var visited = new List<string>();
        Assert.Same(net, net.apply(module => visited.Add(module.GetName())));
        Assert.Equal(["Linear", "Dropout", "Net"], visited);
    }

    [Fact]
    public void Register_UnderATakenName_Throws()
    {
        using var net = new Net();
        Assert.Throws<InvalidOperationException>(() => net.register_buffer("offset", zeros(1)));
        Assert.Throws<InvalidOperationException>(() => net.register_parameter("scale", nn.Parameter(zeros(1))));
        Assert.Throws<InvalidOperationException>(() => net.register_module("first", new Probe()));
    }

    [Fact]
    public void Register_OfABadNameOrNull_Throws()
    {
        using var net = new Net();
        Assert.Throws<ArgumentException>(() => net.register_module("a.b", new Probe()));
        Assert.Throws<ArgumentException>(() => net.register_module("", new Probe()));
        Assert.Throws<ArgumentNullException>(() => net.register_buffer("none", null!));
        Assert.Throws<ArgumentNullException>(() => net.register_parameter("none", null!));
    }

    [Fact]
    public void Register_ByHand_AddsAtTheEnd()
    {
        using var net = new Net();
        net.register_module("last", new Shift(1));
        net.add_module("very_last", new Probe());
        net.register_parameter("extra", nn.Parameter(zeros(1)));
        Assert.Equal(["first", "drop", "last", "very_last"], net.named_children().Select(child => child.name));
        Assert.Equal(["scale", "extra", "first.weight", "first.bias"], net.named_parameters().Select(parameter => parameter.name));
        Assert.Equal(["offset", "last.by"], net.named_buffers().Select(buffer => buffer.name));
    }

    [Fact]
    public void SharedParameter_IsListedOnce()
    {
        using var linear = nn.Linear(2, 2);
        using var outer = nn.Sequential(("a", linear), ("b", linear));
        Assert.Equal(["a.weight", "a.bias"], outer.named_parameters().Select(parameter => parameter.name));
        Assert.Equal(["a.weight", "a.bias"], outer.state_dict().Keys);
    }

    [Fact]
    public void ZeroGrad_DropsOrZeroesTheGradients()
    {
        using var linear = nn.Linear(2, 1);
        linear.call(ones(1, 2)).sum().backward();
        linear.zero_grad(set_to_none: false);
        Expect.Equal(new[,] { { 0f, 0 } }, linear.weight.grad!);
        linear.zero_grad();
        Assert.Null(linear.weight.grad);
        Assert.Null(linear.bias!.grad);
    }

    [Fact]
    public void Forward_UsesParametersAndBuffers()
    {
        using var net = new Net();
        net.eval();
        var x = tensor(new[,] { { 1f, 2, 3 } });
        Assert.True(net.call(x).allclose(net.First.call(x) * 0.5));
        using (no_grad()) net.Offset.add_(7);
        Assert.True(net.call(x).allclose(net.First.call(x) * 0.5 + 7));
    }

    [Fact]
    public void Dispose_DisposesParametersBuffersAndChildren()
    {
        var net = new Net();
        var (weight, offset) = (net.First.weight, net.Offset);
        net.Dispose();
        Assert.True(weight.IsInvalid);
        Assert.True(offset.IsInvalid);
        Assert.True(net.Scale.IsInvalid);
    }
}
