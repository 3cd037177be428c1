using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

public class StandoutLinearTests
{
    private const double P = 0.3;
    private const double Alpha = 1.5;

    [Fact]
    public void KeepRate_AgreesWithTheOracle()
    {
        using var scope = NewDisposeScope();
        var a = Data.Normal(1, 5, 6);
        Data.AssertClose([.. Data.Values(a).Select(v => Kept(v))], StandoutMath.KeepRate(a, P, Alpha), 1e-15);
        Assert.All(Data.Values(StandoutMath.KeepRate(a, 0.3, 0)), v => Assert.Equal(0.7, v, 1e-15));
        Assert.All(Data.Values(StandoutMath.KeepRate(a, 0, Alpha)), v => Assert.Equal(1, v));
        Assert.All(Data.Values(StandoutMath.KeepRate(a, 1, Alpha)), v => Assert.Equal(0, v));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Eval_AgreesWithTheOracle(bool activated)
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(activated);
        layer.eval();
        var x = Data.Normal(1, 5, 6);
        Data.AssertClose([.. Outputs(layer, x).Select(a => Kept(a) * (activated ? Math.Tanh(a) : a))], layer.call(x), 1e-14);
    }

    /// <summary>Each unit is kept as often as its own rate says, and is then not scaled.</summary>
    [Fact]
    public void Train_EachUnit_IsKeptAtItsOwnRateAndNotScaled()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        manual_seed(8);
        using var layer = Layer(activated: false);
        const int draws = 20_000;
        var x = Data.Normal(1, 1, 6);
        var units = Outputs(layer, x);
        var rows = Data.Values(layer.call(x.expand(draws, 6))).Chunk(4).ToList();
        for (var unit = 0; unit < 4; unit++)
        {
            Assert.All(rows, row => Assert.True(row[unit] == 0 || Math.Abs(row[unit] - units[unit]) < 1e-13));
            var expected = Kept(units[unit]);
            Assert.InRange(expected, 0.05, 0.95);
            var bound = 4 * Math.Sqrt(expected * (1 - expected) / draws);
            Assert.InRange((rows.Count(row => row[unit] != 0) / (double)draws) - expected, -bound, bound);
        }
    }

    /// <summary>Eval output is the mean of training output, also through an activation in the layer.</summary>
    [Fact]
    public void Eval_Activated_IsTheMeanOfTrainingOutputs()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        manual_seed(9);
        using var layer = Layer(activated: true);
        const int draws = 20_000;
        var x = Data.Normal(2, 1, 6);
        var outputs = layer.call(x.expand(draws, 6));
        var (mean, deviation) = (Data.Values(outputs.mean([0L])), Data.Values(outputs.std(0L)));
        layer.eval();
        var expected = Data.Values(layer.call(x));
        for (var i = 0; i < 4; i++) Assert.InRange((mean[i] - expected[i]) / (deviation[i] / Math.Sqrt(draws)), -4, 4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Relu_AfterTheLayer_IsReluInTheLayer(bool training)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var inside = torch.nn.StandoutLinear(6, 4, P, Alpha, activation: static a => a.relu(), dtype: ScalarType.Float64);
        using var before = torch.nn.StandoutLinear(6, 4, P, Alpha, dtype: ScalarType.Float64);
        before.load_state_dict(inside.state_dict());
        inside.train(training);
        before.train(training);
        var x = Data.Normal(1, 50, 6);
        manual_seed(4);
        var expected = Data.Values(inside.call(x));
        manual_seed(4);
        Data.AssertClose(expected, before.call(x).relu(), 1e-15);
        Assert.Contains(expected, v => v > 0);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void Constructor_AlphaNotFinite_SaysTheRuleAndLeavesNoTensorBehind(double alpha, string received)
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => torch.nn.StandoutLinear(6, 4, P, alpha));
        Assert.StartsWith($"alpha must be a finite number, but got {received}.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Mask_GivenGenerator_DrawsFromItAlone()
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(5, CPU);
        using var same = new Generator(5, CPU);
        var rate = full(50, 4, 0.5);
        Assert.True(Data.SameBits(StandoutMath.Mask(rate, one), StandoutMath.Mask(rate, same)));
    }

    private static StandoutLinear Layer(bool activated)
    {
        manual_seed(11);
        return torch.nn.StandoutLinear(6, 4, P, Alpha, activation: activated ? static a => a.tanh() : null, dtype: ScalarType.Float64);
    }

    // The paper's π with β written out.
    private static double Kept(double a) => 1 / (1 + Math.Exp(-((Alpha * a) + Math.Log(1 - P) - Math.Log(P))));

    private static double[] Outputs(StandoutLinear layer, Tensor x)
    {
        var (w, b, values) = (Data.Values(layer.weight), Data.Values(layer.bias!), Data.Values(x));
        return [.. Enumerable.Range(0, (int)x.size(0) * 4).Select(i => b[i % 4] + Enumerable.Range(0, 6).Sum(j => w[(i % 4 * 6) + j] * values[(i / 4 * 6) + j]))];
    }
}
