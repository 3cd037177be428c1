using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Modules;

public sealed class ParameterTests
{
    [Fact]
    public void Parameter_EmptiesItsData()
    {
        using var scope = NewDisposeScope();
        var data = ones(2);
        var parameter = new Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => data.shape);
        Expect.Equal(new[] { 1f, 1 }, parameter);
        Assert.True(parameter is { requires_grad: true, is_leaf: true });
        Assert.False(nn.Parameter(ones(1), requires_grad: false).requires_grad);
    }

    [Fact]
    public void Parameter_TakesTheScopesPlaceOfItsData()
    {
        Parameter parameter;
        using (var scope = NewDisposeScope())
        {
            parameter = new Parameter(ones(2));
            Assert.Equal(1, scope.DisposablesCount);
            Assert.True(scope.Contains(parameter));
        }

        Assert.True(parameter.IsInvalid);
    }

    [Fact]
    public void Parameter_OfDetachedData_IsInNoScope()
    {
        Parameter parameter;
        using (var scope = NewDisposeScope())
        {
            parameter = new Parameter(ones(2).DetachFromDisposeScope());
            Assert.Equal(0, scope.DisposablesCount);
        }

        Assert.False(parameter.IsInvalid);
        parameter.Dispose();
    }

    [Fact]
    public void LayerOfTheLibrary_MadeInAScope_OutlivesIt()
    {
        Linear linear;
        Conv2d convolution;
        BatchNorm1d normalization;
        using (NewDisposeScope()) (linear, convolution, normalization) = (nn.Linear(2, 2), nn.Conv2d(1, 1, 2), nn.BatchNorm1d(2));
        Assert.All(linear.state_dict().Values, tensor => Assert.False(tensor.IsInvalid));
        Assert.Equal(2, linear.parameters().Count());
        Assert.Equal(2, convolution.parameters().Count());
        Assert.Equal(5, normalization.state_dict().Count);
        linear.Dispose();
        convolution.Dispose();
        normalization.Dispose();
        Assert.True(linear.weight.IsInvalid);
    }

    [Fact]
    public void ModuleOfAUser_MadeInAScope_LosesItsTensors()
    {
        Net net;
        using (NewDisposeScope()) net = new Net();
        Assert.True(net.Scale.IsInvalid);
        Assert.True(net.Offset.IsInvalid);
        Assert.Equal(["first.weight", "first.bias"], net.named_parameters().Select(parameter => parameter.name));
        net.Dispose();
    }

    [Fact]
    public void LayerMovedInAScope_OutlivesIt()
    {
        using var layer = nn.Linear(2, 2);
        using (NewDisposeScope()) layer.to(ScalarType.Float64);
        Assert.False(layer.weight.IsInvalid);
        Assert.Equal(ScalarType.Float64, layer.weight.dtype);
    }

    [Fact]
    public void Grad_OfAParameter_OutlivesTheScopeItWasMadeIn()
    {
        using var parameter = new Parameter(ones(2));
        using (NewDisposeScope()) (parameter * 3).sum().backward();
        using var gradient = parameter.grad;
        Expect.Equal(new[] { 3f, 3 }, gradient!);
    }
}
