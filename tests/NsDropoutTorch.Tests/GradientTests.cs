using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public class GradientTests
{
    public static TheoryData<string, Func<NSDropoutModule>, long[]> Layer() => new()
    {
        { "default", () => torch.nn.NSDropout(5, 2, 0.4), [8, 5] },
        { "absolute", () => torch.nn.NSDropout(5, 2, 0.4, new NSDropoutOptions { AbsoluteGap = true }), [8, 5] },
        { "keep largest", () => torch.nn.NSDropout(5, 2, 0.4, new NSDropoutOptions { KeepLargest = true }), [8, 5] },
        { "shared", () => torch.nn.NSDropout(5, 2, 0.4, new NSDropoutOptions { SharedMask = true }), [8, 5] },
        { "momentum", () => torch.nn.NSDropout(5, 2, 0.4, new NSDropoutOptions { Momentum = 0.3 }), [8, 5] },
        { "channels", () => torch.nn.NSDropout2d(5, 2, 0.4), [8, 5, 2, 3] },
    };

    /// <summary>The output is piecewise linear in the input; a step of 1e-6 changes no mask here, which is asserted.</summary>
    [Theory, MemberData(nameof(Layer))]
    public void Train_Gradient_EqualsCentralDifferences(string name, Func<NSDropoutModule> make, long[] shape)
    {
        using var scope = NewDisposeScope();
        using var layer = make();
        var (labels, count) = (Layers.Balanced(8, 2), (int)shape.Aggregate(1L, (a, b) => a * b));
        layer.CacheValidation(Data.Normal(1, 1, count).view(shape), labels);
        var weights = Data.Normal(2, 1, count).view(shape);
        var start = Data.Values(Data.Normal(3, 1, count));
        var x = tensor(start).view(shape).detach().requires_grad_();
        layer.forward(x, labels).mul(weights).sum().backward();
        var (gradient, masks) = (Data.Values(x.grad!), Layers.Masks(layer));

        const double h = 1e-6;
        for (var i = 0; i < count; i++)
        {
            var difference = (At(i, h) - At(i, -h)) / (2 * h);
            Assert.True(Math.Abs(difference - gradient[i]) < 1e-8, $"{name}, element {i}: {difference:R} against {gradient[i]:R}.");
        }

        double At(int element, double step)
        {
            using var inner = NewDisposeScope();
            var moved = start.ToArray();
            moved[element] += step;
            var value = layer.forward(tensor(moved).view(shape), labels).mul(weights).sum().item<double>();
            Assert.Equal(masks, Layers.Masks(layer));
            return value;
        }
    }

    [Theory]
    [InlineData(true, true, 8 / 3.0, 8 / 3.0)]
    [InlineData(true, false, 8 / 3.0, 1)]
    [InlineData(false, true, 2.5, 2.5)]
    [InlineData(false, false, 2.5, 1)]
    public void Train_ScaleBackward_DecidesTheFactorOfTheGradientAlone(bool byCount, bool scaleBackward, double forward, double backward)
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(p: 0.6, options: new NSDropoutOptions { ScaleByCount = byCount, ScaleBackward = scaleBackward });
        var x = Data.Normal(1, 6, 8).requires_grad_();
        var output = layer.forward(x, Layers.Balanced(6, 3));
        output.sum().backward();
        var kept = Data.Values(output).Select(v => v != 0).ToArray();
        Data.AssertClose([.. Data.Values(x).Zip(kept, (v, keep) => keep ? v * forward : 0)], output, 1e-12);
        Data.AssertClose([.. kept.Select(keep => keep ? backward : 0)], x.grad!, 1e-12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_DoubleBackward_GivesTheSecondDerivative(bool scaleBackward)
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: new NSDropoutOptions { ScaleBackward = scaleBackward });
        var x = Data.Normal(1, 6, 8).requires_grad_();
        var output = layer.forward(x, Layers.Balanced(6, 3));
        // f = Σ out³: f' = 3·out²·g and f'' = 6·out·g², where out = m·s·x and g = d out/dx as backward has it.
        var first = autograd.grad([output.pow(3).sum()], [x], retain_graph: true, create_graph: true)[0];
        first.sum().backward();
        var g = scaleBackward ? 2.0 : 1.0;
        Data.AssertClose([.. Data.Values(output).Select(o => 3 * o * o * g)], first, 1e-9);
        Data.AssertClose([.. Data.Values(output).Select(o => 6 * o * g * g)], x.grad!, 1e-9);
    }

    [Fact]
    public void Train_LeafAndInnerInputs_BothGetGradients()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        var leaf = Data.Normal(1, 6, 8).requires_grad_();
        var other = leaf.detach().mul(3).requires_grad_();
        layer.forward(leaf.mul(3), Layers.Balanced(6, 3)).sum().backward();
        layer.forward(other, Layers.Balanced(6, 3)).sum().backward();
        Assert.Equal(Data.Values(other.grad!).Select(v => v * 3), Data.Values(leaf.grad!));
    }

    [Fact]
    public void Train_InputRequiresGrad_LeavesNoGraphInTheState()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: new NSDropoutOptions { Momentum = 0.5 });
        layer.forward(Data.Normal(1, 6, 8).requires_grad_(), Layers.Balanced(6, 3));
        Assert.All(layer.buffers(), buffer => Assert.False(buffer.requires_grad));
    }

    [Fact]
    public void Train_TwoGraphsAtOnce_EachKeepsItsOwnMask()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        var labels = Layers.Balanced(30, 3);
        var (a, b) = (Data.Normal(11, 30, 8).requires_grad_(), Data.Normal(12, 30, 8).requires_grad_());
        var first = layer.forward(a, labels);
        var second = layer.forward(b, labels);
        first.sum().backward();
        second.sum().backward();
        Assert.NotEqual(Data.Values(a.grad!), Data.Values(b.grad!));
        Assert.Equal(Data.Values(first), Data.Values(a.mul(a.grad!)));
        Assert.Equal(Data.Values(second), Data.Values(b.mul(b.grad!)));
    }

    [Fact]
    public void Eval_Identity_PassesTheGradientUnchanged()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        layer.eval();
        var x = Data.Normal(1, 6, 8).requires_grad_();
        layer.call(x).sum().backward();
        Assert.All(Data.Values(x.grad!), v => Assert.Equal(1, v));
    }
}
