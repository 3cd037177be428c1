using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

public class DropConnectLinearTests
{
    private const double P = 0.3;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Constructor_SameSeed_DrawsTheParametersOfLinear(bool hasBias)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var linear = torch.nn.Linear(7, 5, hasBias);
        var following = rand(3);
        manual_seed(3);
        using var layer = torch.nn.DropConnectLinear(7, 5, hasBias: hasBias);
        Assert.True(Data.SameBits(following, rand(3)));
        Assert.Equal(linear.state_dict().Keys, layer.state_dict().Keys);
        Assert.All(linear.state_dict(), e => Assert.True(Data.SameBits(e.Value, layer.state_dict()[e.Key]), e.Key));
        manual_seed(3);
        layer.weight = new TorchSharp.Modules.Parameter(zeros(5, 7));
        layer.ResetParameters();
        Assert.True(Data.SameBits(linear.weight, layer.weight));
    }

    [Fact]
    public void StateDict_LoadsIntoLinear_WhichThenGivesTheEvalOutput()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.DropConnectLinear(6, 4, P);
        using var linear = torch.nn.Linear(6, 4);
        linear.load_state_dict(layer.state_dict());
        layer.eval();
        var x = Data.Normal(1, 5, 6, ScalarType.Float32);
        Assert.True(Data.SameBits(linear.call(x), layer.call(x)));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Linear_Masks_AgreeWithTheOracle(bool perSample, bool dropBias)
    {
        using var scope = NewDisposeScope();
        var (x, w, b) = Problem();
        manual_seed(4);
        long? rows = perSample ? 5 : null;
        var weightMask = DropConnectMath.Mask(Data.Matrix(w), P, rows);
        var biasMask = dropBias ? DropConnectMath.Mask(tensor(b), P, rows) : null;
        var kept = Data.Values(weightMask);
        var keptBias = biasMask is null ? null : Data.Values(biasMask);

        var expected = SlowSiblings.DropConnect(
            x, w, b,
            (n, o, i) => kept[((perSample ? n : 0) * 24) + (o * 6) + i] != 0,
            keptBias is null ? null : (n, o) => keptBias[((perSample ? n : 0) * 4) + o] != 0,
            P);
        Data.AssertClose(Data.Flat(expected), DropConnectMath.Linear(Data.Matrix(x), Data.Matrix(w), tensor(b), weightMask, biasMask, P), 1e-13);
        Assert.Contains(0, kept);
        Assert.Contains(1, kept);
    }

    [Fact]
    public void Train_PerSample_EqualRowsGetMasksOfTheirOwn()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var x = ones(6, 50);
        using var shared = torch.nn.DropConnectLinear(50, 3);
        using var perSample = torch.nn.DropConnectLinear(50, 3, options: new DropConnectOptions { PerSample = true });
        // Eighths add up without rounding, in whatever order a matrix product takes the rows.
        using (no_grad())
            foreach (var weight in new[] { shared.weight, perSample.weight }) weight.copy_(randint(-8, 9, weight.shape).div(8));
        Assert.Single(Data.Values(shared.call(x)[TensorIndex.Colon, 0]).Distinct());
        Assert.Equal(6, Data.Values(perSample.call(x)[TensorIndex.Colon, 0]).Distinct().Count());
    }

    /// <summary>Mean weights are exact for the linear map: each element within 3 standard errors of the mean of 20,000 training outputs.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Eval_MeanWeights_AreTheMeanOfTrainingOutputs(bool perSample, bool dropBias)
    {
        using var scope = NewDisposeScope();
        manual_seed(21);
        using var layer = torch.nn.DropConnectLinear(
            6, 2, P, options: new DropConnectOptions { PerSample = perSample, DropBias = dropBias }, dtype: ScalarType.Float64);
        AssertIsTheMeanOfTraining(layer, Data.Normal(1, 1, 6));
    }

    /// <summary>
    /// The paper's moment matching through ReLU. The sum of 400 masked terms is close to normal (its error falls with the number of inputs), so what is left are the errors of
    /// two means: 10,000 training outputs, and 10,000 draws in eval mode. Mean weights fail the same test, because ReLU bends.
    /// </summary>
    [Fact]
    public void Eval_MomentMatchingThroughRelu_IsTheMeanOfTrainingOutputs()
    {
        using var scope = NewDisposeScope();
        manual_seed(22);
        var options = new DropConnectOptions { PerSample = true, DropBias = true, Activation = static u => u.relu(), Samples = 10_000 };
        using var layer = torch.nn.DropConnectLinear(400, 2, 0.5, options: options, dtype: ScalarType.Float64);
        var x = Data.Normal(1, 1, 400);
        AssertIsTheMeanOfTraining(layer, x, draws: 10_000, evalDraws: 10_000);

        using var byMeanWeights = torch.nn.DropConnectLinear(400, 2, 0.5, options: options with { Samples = null }, dtype: ScalarType.Float64);
        byMeanWeights.load_state_dict(layer.state_dict());
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertIsTheMeanOfTraining(byMeanWeights, x, draws: 10_000));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Moments_AgreeWithTheOracle(bool dropBias)
    {
        using var scope = NewDisposeScope();
        var (x, w, b) = Problem();
        var (mean, variance) = DropConnectMath.Moments(Data.Matrix(x), Data.Matrix(w), tensor(b), P, dropBias);
        var expected = SlowSiblings.Moments(x, w, b, P, dropBias);
        Data.AssertClose(Data.Flat(expected.mean), mean, 1e-13);
        Data.AssertClose(Data.Flat(expected.variance), variance, 1e-13);
    }

    [Fact]
    public void MatchMoments_Relu_IsItsMeanInClosedForm()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        const int samples = 100_000;
        var (mean, variance) = (new[] { -2.0, -0.5, 0, 0.5, 2 }, new[] { 1.0, 0.25, 4, 1, 9 });
        var actual = Data.Values(DropConnectMath.MatchMoments(tensor(mean), tensor(variance), static u => u.relu(), samples, generator));
        for (var i = 0; i < mean.Length; i++)
        {
            // The variance of max(u, 0) is at most that of u.
            var bound = 3 * Math.Sqrt(variance[i] / samples);
            Assert.InRange(actual[i] - SlowSiblings.MeanOfRelu(mean[i], variance[i]), -bound, bound);
        }
    }

    [Fact]
    public void MatchMoments_NoVariance_IsTheActivationOfTheMean()
    {
        using var scope = NewDisposeScope();
        var mean = tensor(new[] { -1.0, 2 });
        Assert.Equal([0, 2], Data.Values(DropConnectMath.MatchMoments(mean, zeros_like(mean), static u => u.relu(), 7)));
    }

    [Fact]
    public void Eval_ManySamples_HoldsOnlyWhatOneNeeds()
    {
        var live = 0L;
        var options = new DropConnectOptions { Samples = 50, Activation = u => { live = Math.Max(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount); return u.relu(); } };
        using var layer = torch.nn.DropConnectLinear(6, 4, P, options: options);
        using var x = Data.Normal(1, 5, 6, ScalarType.Float32);
        layer.eval();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (no_grad())
            layer.call(x).Dispose();
        Assert.InRange(live - before, 1, 12);
    }

    [Fact]
    public void Mask_GivenGenerator_DrawsFromItAlone()
    {
        using var scope = NewDisposeScope();
        GivenGenerator.IsDrawnFromAlone(generator => DropConnectMath.Mask(ones(20, 20), P, generator: generator));
    }

    [Theory]
    [InlineData(0, 2, "inputSize must be at least 1, but got 0.")]
    [InlineData(2, -1, "outputSize must be at least 1, but got -1.")]
    public void Constructor_NoInputsOrOutputs_SaysTheRule(long inputSize, long outputSize, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => torch.nn.DropConnectLinear(inputSize, outputSize));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_NoSamples_SaysTheRule()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new DropConnectOptions { Samples = 0 });
        Assert.StartsWith("Samples must be at least 1, but got 0.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_SamplesWithoutActivation_SaysTheRuleAndLeavesNoTensorBehind()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var error = Assert.Throws<ArgumentException>(() => torch.nn.DropConnectLinear(6, 4, options: new DropConnectOptions { Samples = 9 }));
        Assert.StartsWith(
            "Samples must come with an Activation, but got Samples = 9 alone: the mean of a linear map needs no samples.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Eval_MomentMatchingAtPOne_SaysTheRule()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.DropConnectLinear(6, 4, 1, options: new DropConnectOptions { Samples = 9, Activation = static u => u.relu() });
        layer.eval();
        var x = ones(5, 6);
        Assert.StartsWith("p must be in [0, 1), but got 1.", Assert.Throws<ArgumentOutOfRangeException>(() => layer.call(x)).Message, StringComparison.Ordinal);
    }

    private static (double[,] x, double[,] w, double[] b) Problem()
    {
        var random = new Random(2);
        return (Data.Normal(random, 5, 6), Data.Normal(random, 4, 6), Data.Flat(Data.Normal(random, 1, 4)));
    }

    /// <summary>Compares the eval output with the mean of training outputs, element by element, within 3 standard errors of both.</summary>
    private static void AssertIsTheMeanOfTraining(DropConnectLinear layer, Tensor x, int draws = 20_000, double evalDraws = double.PositiveInfinity)
    {
        using var noGrad = no_grad();
        layer.train();
        var outputs = stack(Enumerable.Range(0, draws).Select(_ => layer.call(x)).ToList());
        var (mean, deviation) = (Data.Values(outputs.mean([0L])), Data.Values(outputs.std(0L)));
        layer.eval();
        var expected = Data.Values(layer.call(x));
        for (var i = 0; i < mean.Length; i++)
        {
            var bound = 3 * deviation[i] * Math.Sqrt((1.0 / draws) + (1 / evalDraws));
            Assert.InRange(mean[i] - expected[i], -bound, bound);
        }
    }
}
