using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Optim;

public sealed class OptimizerTests : ContractTest
{
    private static Parameter One => new(ones(1));

    [Fact]
    public void ZeroGrad_Zeroes_AndLeavesMissingGradientsMissing()
    {
        Parameter used = One, unused = One;
        using var optimizer = optim.SGD([used, unused], 0.1);
        used.sum().backward();
        optimizer.zero_grad();
        Expect.Equal(new[] { 0f }, used.grad!);
        Assert.Null(unused.grad);
    }

    [Fact]
    public void Step_WithoutGradient_LeavesTheParameter()
    {
        var parameter = One;
        using var sgd = optim.SGD([parameter], 0.1, weight_decay: 1);
        using var adam = optim.Adam([parameter], 0.1, weight_decay: 1);
        sgd.step();
        adam.step();
        Expect.Equal(new[] { 1f }, parameter);
    }

    [Fact]
    public void Step_WithAClosure_EvaluatesItWithGradients()
    {
        var parameter = One;
        using var optimizer = optim.SGD([parameter], 0.25);
        using var mode = no_grad();
        var loss = optimizer.step(() =>
        {
            var value = (parameter * 2).sum();
            value.backward();
            return value;
        });
        Expect.Scalar(2f, loss!);
        Expect.Equal(new[] { 0.5f }, parameter);
    }

    [Fact]
    public void Step_LeavesTheParameterALeafInPlace()
    {
        using var layer = nn.Linear(2, 1);
        using var optimizer = optim.Adam(layer.parameters());
        var weight = layer.weight;
        layer.call(ones(1, 2)).sum().backward();
        optimizer.step();
        Assert.Same(weight, layer.weight);
        Assert.True(weight is { is_leaf: true, requires_grad: true });
    }

    [Fact]
    public void Groups_HaveRatesOfTheirOwn()
    {
        Parameter slow = One, fast = One;
        using var optimizer = optim.SGD([new SGD.ParamGroup([slow], 0.125), new SGD.ParamGroup([fast], 0.5)], 1);
        slow.sum().backward();
        fast.sum().backward();
        optimizer.step();
        Expect.Equal(new[] { 0.875f }, slow);
        Expect.Equal(new[] { 0.5f }, fast);
        Assert.Equal([0.125, 0.5], optimizer.ParamGroups.Select(group => group.LearningRate));
        Assert.Equal(2, optimizer.parameters().Count());
    }

    [Fact]
    public void LearningRate_CanBeSet_AndRemembersItsStart()
    {
        var parameter = One;
        using var optimizer = optim.SGD([parameter], 0.1);
        var group = Assert.Single(optimizer.ParamGroups);
        group.LearningRate = 0.5;
        Assert.Equal(0.1, group.InitialLearningRate);
        parameter.sum().backward();
        optimizer.step();
        Expect.Equal(new[] { 0.5f }, parameter);
    }

    [Fact]
    public void NamedParameters_AreTakenToo()
    {
        using var layer = nn.Linear(1, 1);
        using var optimizer = optim.SGD(layer.named_parameters(), 0.1);
        Assert.Equal(2, optimizer.parameters().Count());
    }

    [Fact]
    public void State_WhenLoaded_ContinuesTheSameWay()
    {
        using Descent first = new(), second = new();
        using var one = optim.Adam([first.Weights], 0.1);
        using var other = optim.Adam([second.Weights], 0.1);
        for (var i = 0; i < 3; i++) first.Step(one);
        var file = Path.GetTempFileName();
        try
        {
            one.save_state_dict(file);
            other.load_state_dict(file);
        }
        finally
        {
            File.Delete(file);
        }

        using (no_grad()) second.Weights.copy_(first.Weights);
        first.Step(one);
        second.Step(other);
        Assert.True(first.Weights.Equals(second.Weights));
    }

    [Fact]
    public void State_OfAnotherOptimizer_IsRefused()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        using var adam = optim.Adam([One]);
        using var sgd = optim.SGD([One], 0.1);
        adam.save_state_dict(writer);
        stream.Position = 0;
        Assert.Throws<InvalidDataException>(() => sgd.load_state_dict(new BinaryReader(stream)));
    }

    [Fact]
    public void StateOfAScope_OutlivesIt()
    {
        using var descent = new Descent();
        using var optimizer = optim.SGD([descent.Weights], 0.1, momentum: 0.9);
        using (NewDisposeScope()) descent.Step(optimizer);
        descent.Step(optimizer);
        var expected = Descent.Expected(2, (w, g, step, m) => w - (0.1 * (m[0] = step == 1 ? g : (0.9 * m[0]) + g)));
        Expect.Near(expected, descent.Weights, 1e-14);
    }

    [Fact]
    public void Steps_OfEveryOptimizer_LeaveNoTensorBehind()
    {
        Finalizers.Run();
        Func<Parameter, optim.Optimizer>[] optimizers =
        [
            w => optim.SGD([w], 0.1, momentum: 0.9, weight_decay: 0.1, nesterov: true), w => optim.Adam([w]),
            w => optim.Adam([w], amsgrad: true), w => optim.AdamW([w]), w => optim.RMSProp([w]), w => optim.Adagrad([w]),
        ];
        foreach (var create in optimizers)
        {
            using var descent = new Descent();
            using var optimizer = create(descent.Weights);
            descent.Step(optimizer);
            var before = Tensor.TotalCount;
            for (var i = 0; i < 20; i++) descent.Step(optimizer);
            Assert.Equal(before, Tensor.TotalCount);
        }
    }

    [Fact]
    public void ClipGradNorm_ScalesToTheGreatestNorm()
    {
        Parameter a = One, b = One;
        (a * 3 + b * 4).sum().backward();
        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 1), 1e-5);
        Expect.Near([0.6], a.grad!, 1e-5);
        Expect.Near([0.8], b.grad!, 1e-5);
    }

    [Fact]
    public void ClipGradValue_BoundsEveryElement()
    {
        Parameter a = One, b = One;
        (a * 3 - b * 4).sum().backward();
        nn.utils.clip_grad_value_([a, b], 2);
        Expect.Equal(new[] { 2f }, a.grad!);
        Expect.Equal(new[] { -2f }, b.grad!);
    }

    [Fact]
    public void Training_LearnsALine()
    {
        manual_seed(1);
        using var layer = nn.Linear(1, 1);
        using var optimizer = optim.Adam(layer.parameters(), 0.1);
        var x = linspace(-1, 1, 20).unsqueeze(1);
        var y = (x * 3) - 1;
        for (var epoch = 0; epoch < 200; epoch++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.mse_loss(layer.call(x), y).backward();
            optimizer.step();
        }

        Expect.Near([3], layer.weight, 1e-2);
        Expect.Near([-1], layer.bias!, 1e-2);
    }
}
