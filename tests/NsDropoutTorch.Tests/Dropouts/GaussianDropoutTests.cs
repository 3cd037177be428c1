using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

public class GaussianDropoutTests
{
    private const int Draws = 40_000;

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void Train_Ones_HaveTheMeanAndVarianceOfScaledDropout(double p)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var layer = torch.nn.GaussianDropout(p);
        AssertNoise(Data.Values(layer.call(ones(Draws, ScalarType.Float64))), p / (1 - p));
    }

    [Fact]
    public void Train_Variational_HasTheVarianceThatItsRateSays()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var layer = torch.nn.VariationalDropout(4, 0.2);
        AssertNoise(Data.Values(layer.call(ones(Draws / 4, 4))), 0.25);
        Assert.Equal(0.25, layer.Alpha().item<float>(), 6);
    }

    [Fact]
    public void Apply_AgreesWithTheOracle()
    {
        using var scope = NewDisposeScope();
        var (x, noise) = (Data.Normal(1, 4, 5), Data.Normal(2, 4, 5));
        var output = GaussianDropoutMath.Apply(x, tensor(0.7), noise);
        Data.AssertClose([.. Data.Values(x).Zip(Data.Values(noise), (v, e) => v * (1 + (0.7 * e)))], output, 1e-14);
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Divergence_AgreesWithTheOracle(double alpha)
    {
        using var scope = NewDisposeScope();
        Data.AssertClose([SlowSiblings.Divergence(alpha)], GaussianDropoutMath.Divergence(tensor(alpha)), 1e-13, 1e-13);
    }

    /// <summary>
    /// Against the divergence itself: up to a constant it is −½·log α + E log|1 + √α·ε|, here by the trapezoid rule. The paper's polynomial is good to a few hundredths of a nat.
    /// </summary>
    [Fact]
    public void Divergence_DiffersFromTheIntegralByAConstantAlone()
    {
        using var scope = NewDisposeScope();
        var offsets = new[] { 0.02, 0.1, 0.3, 0.6, 0.9 }
            .Select(alpha => GaussianDropoutMath.Divergence(tensor(alpha)).item<double>() - Integral(alpha))
            .ToArray();
        Assert.InRange(offsets.Max() - offsets.Min(), 0, 0.05);

        static double Integral(double alpha)
        {
            const double step = 1e-5;
            var sum = 0.0;
            for (var e = -9 + (step / 3); e < 9; e += step)
                sum += Math.Log(Math.Abs(1 + (Math.Sqrt(alpha) * e))) * Math.Exp(-e * e / 2);
            return (-0.5 * Math.Log(alpha)) + (sum * step / Math.Sqrt(2 * Math.PI));
        }
    }

    [Fact]
    public void Regularization_IsTheDivergenceOfEveryFeatureTimesItsFactor()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.VariationalDropout(6, 0.2, divergence_weight: 0.01, dtype: ScalarType.Float64);
        Data.AssertClose([0.01 * 6 * SlowSiblings.Divergence(0.25)], layer.Regularization(), 1e-14);
    }

    [Fact]
    public void Regularization_Alone_DrawsTheRateTowardsOneHalf()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.VariationalDropout(6, 0.05, divergence_weight: 1);
        using var sgd = torch.optim.SGD(layer.parameters(), 0.05);
        var rates = new List<double> { layer.p };
        for (var step = 0; step < 100; step++)
        {
            sgd.zero_grad();
            layer.Regularization().backward();
            sgd.step();
            rates.Add(layer.p);
        }

        Assert.Equal(rates.Order(), rates);
        Assert.InRange(rates[^1], 0.4, 0.5);
    }

    [Fact]
    public void Noise_GivenGenerator_DrawsFromItAlone()
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(5, CPU);
        using var same = new Generator(5, CPU);
        Assert.True(Data.SameBits(GaussianDropoutMath.Noise(ones(3, 4), one), GaussianDropoutMath.Noise(ones(3, 4), same)));
    }

    [Fact]
    public void Constructor_NegativeDivergenceWeight_SaysTheRuleAndLeavesNoTensorBehind()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => torch.nn.VariationalDropout(6, divergence_weight: -1));
        Assert.StartsWith("divergence_weight must be a finite number of at least 0, but got -1.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    // Five standard errors of the mean and of the variance of normal draws.
    private static void AssertNoise(double[] draws, double variance)
    {
        var mean = draws.Average();
        Assert.InRange(mean - 1, -5 * Math.Sqrt(variance / Draws), 5 * Math.Sqrt(variance / Draws));
        var bound = 5 * variance * Math.Sqrt(2.0 / Draws);
        Assert.InRange(draws.Average(v => (v - mean) * (v - mean)) - variance, -bound, bound);
    }
}
