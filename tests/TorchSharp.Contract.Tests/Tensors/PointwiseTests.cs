using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Tensors;

/// <summary>Each function against .NET's own, in double precision.</summary>
public sealed class PointwiseTests : ContractTest
{
    private static readonly double[] Points = [0.1, 0.5, 0.9, 2.25];

    public static TheoryData<string, Func<Tensor, Tensor>, Func<double, double>> Functions => new()
    {
        { "neg", x => x.neg(), x => -x },
        { "abs", x => x.neg().abs(), Math.Abs },
        { "exp", x => x.exp(), Math.Exp },
        { "expm1", x => x.expm1(), x => Math.Exp(x) - 1 },
        { "log", x => x.log(), Math.Log },
        { "log1p", x => x.log1p(), x => Math.Log(1 + x) },
        { "log2", x => x.log2(), Math.Log2 },
        { "log10", x => x.log10(), Math.Log10 },
        { "sqrt", x => x.sqrt(), Math.Sqrt },
        { "rsqrt", x => x.rsqrt(), x => 1 / Math.Sqrt(x) },
        { "square", x => x.square(), x => x * x },
        { "reciprocal", x => x.reciprocal(), x => 1 / x },
        { "sin", x => x.sin(), Math.Sin },
        { "cos", x => x.cos(), Math.Cos },
        { "tan", x => x.tan(), Math.Tan },
        { "tanh", x => x.tanh(), Math.Tanh },
        { "sigmoid", x => x.sigmoid(), x => 1 / (1 + Math.Exp(-x)) },
        { "relu", x => (x - 1).relu(), x => Math.Max(x - 1, 0) },
        { "floor", x => x.floor(), Math.Floor },
        { "ceil", x => x.ceil(), Math.Ceiling },
        { "trunc", x => x.neg().trunc(), x => Math.Truncate(-x) },
        { "frac", x => x.frac(), x => x - Math.Truncate(x) },
        { "sign", x => (x - 1).sign(), x => Math.Sign(x - 1) },
        { "torch.exp", exp, Math.Exp },
        { "torch.log", log, Math.Log },
        { "torch.sqrt", sqrt, Math.Sqrt },
        { "torch.abs", abs, Math.Abs },
        { "torch.sigmoid", sigmoid, x => 1 / (1 + Math.Exp(-x)) },
        { "torch.tanh", tanh, Math.Tanh },
        { "torch.square", square, x => x * x },
    };

    [Theory]
    [MemberData(nameof(Functions), DisableDiscoveryEnumeration = true)]
    public void Function_AtEveryPoint_EqualsItsFormula(string name, Func<Tensor, Tensor> function, Func<double, double> formula)
    {
        Assert.NotEmpty(name);
        Expect.Near(Points.Select(formula).ToArray(), function(tensor(Points)), 1e-14);
    }

    [Fact]
    public void Round_TakesHalvesToEven()
    {
        Expect.Equal(new[] { 0.0, 2, 2, -2 }, tensor(new[] { 0.5, 1.5, 2.5, -1.5 }).round());
        Expect.Near([1.23], tensor(new[] { 1.2345 }).round(2), 1e-12);
    }

    [Fact]
    public void Erf_AndItsInverse_AreInverses()
    {
        var x = tensor(new[] { -0.5, 0.25 });
        Expect.Near([-0.5204998778130465, 0.2763263901682369], x.erf(), 1e-14);
        Expect.Near([-0.5, 0.25], x.erf().erfinv(), 1e-12);
    }

    [Fact]
    public void Clamp_BoundsBelowAndAbove()
    {
        var x = tensor(new[] { -2f, 0.5f, 3 });
        Expect.Equal(new[] { 0f, 0.5f, 1 }, x.clamp(0, 1));
        Expect.Equal(new[] { 0f, 0.5f, 3 }, x.clamp(min: 0));
        Expect.Equal(new[] { -2f, 0.5f, 1 }, x.clamp(max: 1));
        Expect.Equal(new[] { -1f, 0.5f, 3 }, x.clamp_min(-1));
        Expect.Equal(new[] { -2f, 0.5f, 2 }, x.clamp_max(2));
        Assert.Same(x, x.clamp_(-1, 1));
        Expect.Equal(new[] { -1f, 0.5f, 1 }, x);
    }

    [Fact]
    public void NotANumberAndInfinity_AreFound()
    {
        var x = tensor(new[] { float.NaN, float.PositiveInfinity, 1 });
        Expect.Equal(new[] { true, false, false }, x.isnan());
        Expect.Equal(new[] { false, true, false }, x.isinf());
        Expect.Equal(new[] { false, false, true }, x.isfinite());
        Expect.Equal(new[] { 0f, 9, 1 }, x.nan_to_num(posinf: 9));
    }

    [Fact]
    public void InPlace_ReturnsTheTensorItself()
    {
        var x = tensor(new[] { 4f, 9 });
        Assert.Same(x, x.sqrt_());
        Assert.Same(x, x.neg_());
        Assert.Same(x, x.abs_());
        Expect.Equal(new[] { 2f, 3 }, x);
        Assert.Same(x, x.relu_());
        Assert.Same(x, x.reciprocal_());
        Expect.Equal(new[] { 0.5f, 1 / 3f }, x);
    }

    [Fact]
    public void Softmax_SumsToOne_AndItsLogIsTheLog()
    {
        var x = tensor(new[,] { { 1.0, 2, 4 }, { -1, 0, 1000 } });
        Expect.Near([1, 1], x.softmax(1).sum(dim: 1), 1e-15);
        double[] expected = new[] { 1.0, 2, 4 }.Select(v => v - Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(4))).ToArray();
        Expect.Near(expected, x[0].log_softmax(0), 1e-14);
        Expect.Near(expected.Select(Math.Exp).ToArray(), torch.softmax(x[0], 0), 1e-15);
    }
}
