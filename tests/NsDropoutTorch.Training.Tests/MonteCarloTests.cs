using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>Means, variances and entropies of samples: against closed forms, loops of single passes and formulas in plain C#.</summary>
public sealed class MonteCarloTests
{
    private static readonly MonteCarloOptions Values = new() { Outputs = OutputKind.Values, Seed = 1 };

    // Of layers that multiply each input by a factor of mean 1 and variance p/(1−p), drawn by itself; the last drops weights, so that its samples cannot share a call.
    public static TheoryData<string> LayersWithAClosedForm => [.. LinearModels.Keys];

    private static Dictionary<string, Func<double, nn.Module<Tensor, Tensor>>> LinearModels { get; } = new(StringComparer.Ordinal)
    {
        ["Dropout"] = p => nn.Sequential(nn.Dropout(p), nn.Linear(6, 2)),
        ["Dropout in place"] = p => nn.Sequential(nn.Dropout(p, inplace: true), nn.Linear(6, 2)),
        ["FastDropout"] = p => nn.Sequential(nn.FastDropout(p), nn.Linear(6, 2)),
        ["GaussianDropout"] = p => nn.Sequential(nn.GaussianDropout(p), nn.Linear(6, 2)),
        ["DropConnectLinear"] = p => nn.Sequential(nn.DropConnectLinear(6, 2, p)),
    };

    /// <summary>y = w·(m∘x)/(1−p) + b has the mean w·x + b and the variance p/(1−p)·Σ w²x².</summary>
    [Theory, MemberData(nameof(LayersWithAClosedForm))]
    public void Predict_LinearModelUnderDropout_HasMeanAndVarianceOfTheClosedForm(string layer)
    {
        const int samples = 20_000;
        const double p = 0.3;
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var model = LinearModels[layer](p);
        var inputs = randn(2, 6);
        var before = inputs.clone();
        var (weight, bias) = (model.parameters().First(), model.parameters().Last());
        var mean = nn.functional.linear(inputs, weight, bias);
        var variance = inputs.square().mm(weight.square().t()) * (p / (1 - p));

        using var prediction = MonteCarlo.Predict(model, inputs, samples, Values);

        // The standard error of a variance is √((κ − 1)/S)·variance, with the kurtosis κ. Of a sum of independent terms it is 3 + Σ t⁴·(κ_term − 3)/variance².
        var kurtosisOfTerm = layer == "GaussianDropout" ? 3 : (1 - (3 * p * (1 - p))) / (p * (1 - p));
        var fourth = inputs.pow(4).mm(weight.pow(4).t()) * Math.Pow(p / (1 - p), 2);
        var kurtosis = 3 + (fourth * (kurtosisOfTerm - 3) / variance.square());
        AssertWithinThree(prediction.Mean, mean, (variance / samples).sqrt());
        AssertWithinThree(prediction.Variance, variance, variance * ((kurtosis - 1) / samples).sqrt());
        Assert.Equal(samples, prediction.Samples);
        Assert.Equal(Numbers(before), Numbers(inputs));
    }

    /// <summary>With a rate r for each neuron: y = w·(m∘x/(1−r)) + b has the mean w·x + b and the variance Σ w²x²·r/(1−r), from a layer that learned its rates before.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Predict_LinearModelUnderNSDropoutWithDrawnMasks_HasMeanAndVarianceOfTheClosedForm(bool shared)
    {
        const int samples = 20_000;
        using var scope = NewDisposeScope();
        manual_seed(5);
        var masked = nn.NSDropout(6, 3, 0.4, NSDropoutOptions.LabelFree with { SharedMask = shared }, dtype: ScalarType.Float64);
        var linear = nn.Linear(6, 2, dtype: ScalarType.Float64);
        using var model = nn.Sequential(masked, linear);
        var labels = arange(30, ScalarType.Int64).remainder(3);
        masked.CacheValidation(randn(30, 6, ScalarType.Float64), labels);
        masked.forward(randn(30, 6, ScalarType.Float64), labels);
        var rates = masked.drop_rates!.clone();
        var inputs = randn(2, 6, ScalarType.Float64);
        var ofFactor = rates / (1 - rates);
        var mean = linear.call(inputs);
        var variance = (inputs.square() * ofFactor).mm(linear.weight.square().t());

        using var prediction = MonteCarlo.Predict(model, inputs, samples, Values);

        // As above, with a kurtosis for each neuron.
        var kurtosisOfTerm = (1 - (3 * rates * (1 - rates))) / (rates * (1 - rates));
        var kurtosis = 3 + ((inputs.pow(4) * ofFactor.square() * (kurtosisOfTerm - 3)).mm(linear.weight.pow(4).t()) / variance.square());
        AssertWithinThree(prediction.Mean, mean, (variance / samples).sqrt());
        AssertWithinThree(prediction.Variance, variance, variance * ((kurtosis - 1) / samples).sqrt());
        Assert.NotEqual(Numbers(rates).Min(), Numbers(rates).Max());
        Assert.Equal(Numbers(rates), Numbers(masked.drop_rates!));
        Assert.Equal((1, 1), (masked.steps, masked.mask_updates));
    }

    /// <summary>With one row and one copy a call the draws are those of a loop that anyone would write.</summary>
    [Fact]
    public void Predict_OneCallForEachSample_IsALoopOfSinglePasses()
    {
        using var scope = NewDisposeScope();
        using var model = Models.Mlp(nn.Dropout(0.4));
        var inputs = randn(5, 4);
        var samples = new List<double[]>();
        manual_seed(7);
        using (no_grad())
        {
            for (var s = 0; s < 30; s++) samples.Add(Numbers(model.call(inputs).softmax(1)));
        }

        using var prediction = MonteCarlo.Predict(model, inputs, 30, new MonteCarloOptions { Seed = 7, CopiesShareBatch = false });

        var (mean, variance) = (new double[15], new double[15]);
        for (var i = 0; i < 15; i++)
        {
            mean[i] = samples.Average(sample => sample[i]);
            variance[i] = samples.Sum(sample => Math.Pow(sample[i] - mean[i], 2)) / 29;
        }

        AssertNear(mean, prediction.Mean, 1e-6);
        AssertNear(variance, prediction.Variance, 1e-6);
        AssertNear([.. mean.Chunk(3).Select(Entropy)], prediction.PredictiveEntropy, 1e-6);
        double[] expected = [.. Enumerable.Range(0, 5).Select(row => samples.Average(sample => Entropy(sample[(row * 3)..((row * 3) + 3)])))];
        AssertNear(expected, prediction.ExpectedEntropy, 1e-6);
        AssertNear([.. mean.Chunk(3).Select(Entropy).Zip(expected, (all, inside) => all - inside)], prediction.MutualInformation, 1e-6);
        Assert.All(Numbers(prediction.MutualInformation), information => Assert.True(information > 1e-4));
    }

    /// <summary>All samples that a call gives are those of one pass over as many copies, whatever the number of calls that running sums join.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(1000)]
    public void Predict_CopiesInBatches_IsOnePassOverCopies(long maxBatch)
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.GaussianDropout(1e-6));
        var inputs = randn(1, 4) + 1000;
        manual_seed(3);
        Tensor all;
        using (no_grad()) all = cat([.. Chunks.Of(40, Math.Min(maxBatch, 40)).Select(part => model.call(inputs.repeat(part.Length, 1)))]).to(ScalarType.Float64);

        using var prediction = MonteCarlo.Predict(model, inputs, 40, new MonteCarloOptions { Outputs = OutputKind.Values, Seed = 3, MaxBatch = maxBatch });

        AssertNear(Numbers(all.mean([0])), prediction.Mean, 1e-4);
        // Variances are about 1 beside means of 10³: sums of squares would leave float32 no digit of them.
        Assert.All(Numbers(all.var(0)).Zip(Numbers(prediction.Variance)), pair => Assert.Equal(1, pair.Second / pair.First, 1e-5));
    }

    [Fact]
    public void Predict_BinaryLogits_HasTheEntropiesOfYesAndNo()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (hidden, dropout, output) = (nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 1));
        using var binary = nn.Sequential(hidden, dropout, output);
        using var both = nn.Sequential(hidden, dropout, new Pair(output));
        var inputs = randn(6, 4);

        using var prediction = MonteCarlo.Predict(binary, inputs, 25, new MonteCarloOptions { Outputs = OutputKind.Binary, Seed = 4 });
        using var twice = MonteCarlo.Predict(both, inputs, 25, new MonteCarloOptions { Seed = 4 });

        Assert.Equal([6, 1], prediction.PredictiveEntropy.shape);
        AssertNear(Numbers(twice.Mean.select(1, 1)), prediction.Mean, 1e-6);
        AssertNear(Numbers(twice.PredictiveEntropy), prediction.PredictiveEntropy, 1e-6);
        AssertNear(Numbers(twice.MutualInformation), prediction.MutualInformation, 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Predict_ClassesInAnyDimension_HasOneEntropyForEachPlace(int dimension)
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.Dropout(0.5));
        var logits = dimension == 1 ? randn([2, 3, 4, 5]) : randn([2, 4, 5, 3]);

        using var prediction = MonteCarlo.Predict(model, logits, 50, new MonteCarloOptions { ClassDimension = dimension, Seed = 1 });

        Assert.Equal([2, 4, 5], prediction.MutualInformation.shape);
        Assert.Equal(logits.shape, prediction.Variance.shape);
        AssertNear([.. Enumerable.Repeat(1.0, 40)], prediction.Mean.sum(dimension), 1e-5);
        Assert.All(Numbers(prediction.PredictiveEntropy), entropy => Assert.InRange(entropy, 0, Math.Log(3) + 1e-6));
    }

    /// <summary>A logit of minus infinity, as masks of attention have, is a probability of 0, whose entropy is 0.</summary>
    [Fact]
    public void Predict_ImpossibleClass_HasFiniteEntropies()
    {
        using var scope = NewDisposeScope();
        using var certain = nn.Sequential(nn.Dropout(0));

        using var prediction = MonteCarlo.Predict(certain, tensor(new[] { 1, 2, float.NegativeInfinity }, 1, 3), 2);

        AssertNear([Entropy([1 / (1 + Math.E), Math.E / (1 + Math.E)])], prediction.PredictiveEntropy, 1e-6);
        AssertNear([0], prediction.MutualInformation, 1e-6);
        Assert.Equal([0.0, 0, 0], Numbers(prediction.Variance));
    }

    [Theory]
    [InlineData(ScalarType.Float64, ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32)]
    public void Predict_OtherDtypes_KeepsWidthOrWidens(ScalarType model, ScalarType results)
    {
        using var scope = NewDisposeScope();
        using var network = Models.Mlp(nn.Dropout(0.4)).to(model);

        using var prediction = MonteCarlo.Predict(network, randn(3, 4).to(model), 10, new MonteCarloOptions { Seed = 1 });

        Assert.All([prediction.Mean, prediction.Variance, prediction.MutualInformation], tensor => Assert.Equal(results, tensor.dtype));
        AssertNear([1, 1, 1], prediction.Mean.sum(1), 1e-6);
    }

    [Fact]
    public void Predict_SameSeed_GivesTheSameBitsAndLeavesTheGenerator()
    {
        using var scope = NewDisposeScope();
        using var model = Models.Mlp(nn.Dropout(0.4));
        var inputs = randn(9, 4);
        manual_seed(11);
        var state = get_rng_state().bytes.ToArray();
        MonteCarloOptions seeded = new() { Seed = 5 };

        using var first = MonteCarlo.Predict(model, inputs, 20, seeded);
        Assert.Equal(state, get_rng_state().bytes.ToArray());
        using var second = MonteCarlo.Predict(model, inputs, 20, seeded);
        using var other = MonteCarlo.Predict(model, inputs, 20, seeded with { Seed = 6 });
        manual_seed(5);
        using var unseeded = MonteCarlo.Predict(model, inputs, 20);

        Assert.Equal(Numbers(first.Mean), Numbers(second.Mean));
        Assert.Equal(Numbers(first.Variance), Numbers(second.Variance));
        Assert.Equal(Numbers(first.Mean), Numbers(unseeded.Mean));
        Assert.NotEqual(Numbers(first.Mean), Numbers(other.Mean));
        Assert.NotEqual(state, get_rng_state().bytes.ToArray());
    }

    private static double Entropy(double[] p) => -p.Sum(x => x == 0 ? 0 : x * Math.Log(x));

    private static double[] Numbers(Tensor tensor) => tensor.to(ScalarType.Float64).contiguous().data<double>().ToArray();

    private static void AssertNear(double[] expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.numel());
        Assert.All(expected.Zip(Numbers(actual)), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    private static void AssertWithinThree(Tensor actual, Tensor expected, Tensor standardErrors) => Assert.All(
        Numbers(((actual - expected) / standardErrors).abs()), errors => Assert.InRange(errors, 0, 3));

    /// <summary>Logits of no and yes, 0 and that of a model of one logit.</summary>
    private sealed class Pair : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> one;

        public Pair(nn.Module<Tensor, Tensor> one)
            : base(nameof(Pair))
        {
            this.one = one;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var yes = one.call(input);
            return cat([zeros_like(yes), yes], 1);
        }
    }
}
