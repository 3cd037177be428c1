using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Layers;

public sealed class ActivationTests : ContractTest
{
    private static readonly double[] Points = [-2, -0.5, 0, 0.5, 3];

    public static TheoryData<string, nn.Module<Tensor, Tensor>, Func<double, double>> Activations => new()
    {
        { "ReLU", nn.ReLU(), x => Math.Max(x, 0) },
        { "LeakyReLU", nn.LeakyReLU(0.1), x => x > 0 ? x : 0.1 * x },
        { "ELU", nn.ELU(2), x => x > 0 ? x : 2 * (Math.Exp(x) - 1) },
        { "SELU", nn.SELU(), x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)) },
        { "SiLU", nn.SiLU(), x => x / (1 + Math.Exp(-x)) },
        { "Sigmoid", nn.Sigmoid(), x => 1 / (1 + Math.Exp(-x)) },
        { "Tanh", nn.Tanh(), Math.Tanh },
        { "Softplus", nn.Softplus(), x => Math.Log(1 + Math.Exp(x)) },
    };

    [Theory]
    [MemberData(nameof(Activations), DisableDiscoveryEnumeration = true)]
    public void Activation_AtEveryPoint_EqualsItsFormula(string name, nn.Module<Tensor, Tensor> module, Func<double, double> formula)
    {
        Expect.Near(Points.Select(formula).ToArray(), module.call(tensor(Points)), 1e-14);
        Assert.Equal(name, module.GetName());
        Assert.Empty(module.state_dict());
        module.Dispose();
    }

    [Fact]
    public void Gelu_IsTheNormalDistributionsPart()
    {
        using var module = nn.GELU();
        Expect.Near([-0.15865525393145707, 0, 0.8413447460685429], module.call(tensor(new[] { -1.0, 0, 1 })), 1e-14);
    }

    [Fact]
    public void Softmax_AlongItsDimension_SumsToOne()
    {
        using var module = nn.Softmax(1);
        using var logarithmic = nn.LogSoftmax(1);
        var x = Seeded.Tensor(1, 2, 3);
        Expect.Near([1, 1], module.call(x).sum(1L), 1e-15);
        Assert.True(module.call(x).log().allclose(logarithmic.call(x)));
    }

    [Fact]
    public void ReluInPlace_ChangesItsInput_AndGivesAnotherWrapper()
    {
        using var module = nn.ReLU(inplace: true);
        var x = tensor(new[] { -1f, 2 });
        var y = module.call(x);
        Assert.NotSame(x, y);
        Expect.Equal(new[] { 0f, 2 }, x);
    }

    [Fact]
    public void Functional_EqualsTheModules()
    {
        var x = tensor(Points);
        Assert.True(nn.functional.relu(x).Equals(nn.ReLU().call(x)));
        Assert.True(nn.functional.silu(x).Equals(nn.SiLU().call(x)));
        Assert.True(nn.functional.leaky_relu(x, 0.1).Equals(nn.LeakyReLU(0.1).call(x)));
        Assert.True(nn.functional.softmax(x, 0).Equals(nn.Softmax(0).call(x)));
        Assert.True(nn.functional.log_softmax(x, 0).Equals(nn.LogSoftmax(0).call(x)));
    }
}
