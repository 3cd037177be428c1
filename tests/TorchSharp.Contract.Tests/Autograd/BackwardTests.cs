using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Autograd;

public sealed class BackwardTests : ContractTest
{
    private static Tensor Leaf => tensor(new[] { 1.0, 2, 3 }, requires_grad: true);

    [Fact]
    public void Backward_OfAScalar_FillsTheGradOfItsLeaves()
    {
        var x = Leaf;
        Assert.Null(x.grad);
        (x * x).sum().backward();
        Expect.Equal(new[] { 2.0, 4, 6 }, x.grad!);
    }

    [Fact]
    public void Backward_Again_Accumulates()
    {
        var x = Leaf;
        x.sum().backward();
        x.sum().backward();
        Expect.Equal(new[] { 2.0, 2, 2 }, x.grad!);
    }

    [Fact]
    public void Backward_WithGradTensors_ScalesThem()
    {
        var x = Leaf;
        (x * 2).backward([tensor(new[] { 1.0, 10, 100 })]);
        Expect.Equal(new[] { 2.0, 20, 200 }, x.grad!);
        torch.autograd.backward(x * 1, tensor(new[] { 1.0, 1, 1 }));
        Expect.Equal(new[] { 3.0, 21, 201 }, x.grad!);
    }

    [Fact]
    public void Backward_ThroughSharedUse_SumsThePaths()
    {
        var x = Leaf;
        var y = x * 2;
        (y + y * x).sum().backward();
        Expect.Equal(new[] { 6.0, 10, 14 }, x.grad!);
    }

    [Fact]
    public void Backward_OfSeveralRoots_AddsTheirGradients()
    {
        var x = Leaf;
        torch.autograd.backward([x.sum(), (x * 3).sum()]);
        Expect.Equal(new[] { 4.0, 4, 4 }, x.grad!);
    }

    [Fact]
    public void Backward_OfAGraphTwice_NeedsItRetained()
    {
        var x = Leaf;
        var loss = (x * x).sum();
        loss.backward(retain_graph: true);
        loss.backward();
        Expect.Equal(new[] { 4.0, 8, 12 }, x.grad!);
        Expect.NativeError("Trying to backward through the graph a second time", () => loss.backward());
    }

    [Fact]
    public void Backward_WithInputs_FillsOnlyThose()
    {
        Tensor x = Leaf, y = Leaf;
        (x * y).sum().backward(inputs: [x]);
        Expect.Equal(new[] { 1.0, 2, 3 }, x.grad!);
        Assert.Null(y.grad);
    }

    [Fact]
    public void Backward_OfWhatHasNoGraph_Throws()
    {
        Expect.NativeError("grad can be implicitly created only for scalar outputs", () => (Leaf * 2).backward());
        Expect.NativeError("does not require grad", () => ones(1).sum().backward());
    }

    [Fact]
    public void Backward_MatchesFiniteDifferences()
    {
        static double F(double[] v) => Math.Log(1 + Math.Exp(v[0] * v[1])) + Math.Tanh(v[2]) * v[0];
        double[] point = [0.3, -1.2, 0.7];
        var x = tensor(point, requires_grad: true);
        ((x[0] * x[1]).exp().log1p() + x[2].tanh() * x[0]).backward();
        const double h = 1e-6;
        var numeric = Enumerable.Range(0, 3).Select(i =>
        {
            double[] up = [.. point], down = [.. point];
            up[i] += h;
            down[i] -= h;
            return (F(up) - F(down)) / (2 * h);
        });
        Expect.Near(numeric.ToArray(), x.grad!, 1e-8);
    }

    [Fact]
    public void Grad_OfOutputs_LeavesTheLeavesAlone()
    {
        var x = Leaf;
        var gradient = Assert.Single(torch.autograd.grad([(x * x).sum()], [x]));
        Expect.Equal(new[] { 2.0, 4, 6 }, gradient);
        Assert.Null(x.grad);
    }

    [Fact]
    public void Grad_WithCreateGraph_DifferentiatesTwice()
    {
        var x = Leaf;
        var first = torch.autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0];
        Expect.Equal(new[] { 3.0, 12, 27 }, first);
        Assert.True(first.requires_grad);
        var second = torch.autograd.grad([first.sum()], [x])[0];
        Expect.Equal(new[] { 6.0, 12, 18 }, second);
    }

    [Fact]
    public void Grad_WithGradOutputs_IsAVectorJacobianProduct()
    {
        var x = Leaf;
        var product = torch.autograd.grad([x * x], [x], [tensor(new[] { 1.0, 0, 2 })])[0];
        Expect.Equal(new[] { 2.0, 0, 12 }, product);
    }
}
