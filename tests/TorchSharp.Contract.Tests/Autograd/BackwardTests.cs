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

    public static TheoryData<string, Func<Tensor, Tensor>, Func<double, double>> Derivatives => new()
    {
        { "x+1", x => x + 1, x => 1 },
        { "1-x", x => 1 - x, x => -1 },
        { "2*x", x => 2 * x, x => 2 },
        { "x/2", x => x / 2, x => 0.5 },
        { "3/x", x => 3 / x, x => -3 / (x * x) },
        { "x/x", x => x / (x + 1), x => 1 / ((x + 1) * (x + 1)) },
        { "-x", x => -x, x => -1 },
        { "pow", x => x.pow(3), x => 3 * x * x },
        { "exp", x => x.exp(), Math.Exp },
        { "log", x => x.log(), x => 1 / x },
        { "sqrt", x => x.sqrt(), x => 0.5 / Math.Sqrt(x) },
        { "reciprocal", x => x.reciprocal(), x => -1 / (x * x) },
        { "sigmoid", x => x.sigmoid(), x => Math.Exp(-x) / Math.Pow(1 + Math.Exp(-x), 2) },
        { "tanh", x => x.tanh(), x => 1 - Math.Pow(Math.Tanh(x), 2) },
        { "relu", x => (x - 1).relu(), x => x > 1 ? 1 : 0 },
        { "abs", x => (x - 1).abs(), x => Math.Sign(x - 1) },
        { "clamp", x => x.clamp(0, 1), x => x < 1 ? 1 : 0 },
        { "maximum", x => x.maximum(tensor(1.0)), x => x > 1 ? 1 : 0 },
        { "where", x => where(x.gt(1), x * 5, x), x => x > 1 ? 5 : 1 },
        { "masked_fill", x => x.masked_fill(x.gt(1), 0), x => x > 1 ? 0 : 1 },
        { "index_select", x => x.index_select(0, tensor(new[] { 0L, 1, 2 })) * 2, x => 2 },
        { "index_add", x => zeros(1, dtype: ScalarType.Float64).index_add(0, zeros(3, dtype: ScalarType.Int64), x, 2), x => 2 },
        { "cat", x => cat([x, x * 2]), x => 3 },
        { "view", x => x.view(3, 1).permute(1, 0).flatten(), x => 1 },
        { "expand", x => x.unsqueeze(0).expand(4, 3), x => 4 },
        { "mean", x => x.mean([0], keepdim: true), x => 1.0 / 3 },
        { "cumsum", x => x.cumsum(0)[^1], x => 1 },
    };

    [Theory]
    [MemberData(nameof(Derivatives), DisableDiscoveryEnumeration = true)]
    public void Backward_OfAFunction_IsItsDerivative(string name, Func<Tensor, Tensor> function, Func<double, double> derivative)
    {
        Assert.NotEmpty(name);
        double[] points = [0.5, 1.5, 3];
        var x = tensor(points, requires_grad: true);
        function(x).sum().backward();
        Expect.Near(points.Select(derivative).ToArray(), x.grad!, 1e-13);
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
