using NsDropoutTorch.Dropouts;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>Which modules are random, in how many calls, and that a prediction leaves nothing behind.</summary>
public sealed class MonteCarloModesTests
{
    private static readonly MonteCarloOptions Seeded = new() { Seed = 1 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Predict_BatchNormAndDropout_OnlyDropoutTrainsAndAllIsPutBack(bool trains)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (norm, dropout) = (nn.BatchNorm1d(8), nn.Dropout(0.5));
        using var model = nn.Sequential(("linear", nn.Linear(4, 8)), ("block", nn.Sequential(("norm", norm), ("dropout", dropout))), ("output", nn.Linear(8, 3)));
        model.train(trains);
        norm.train(!trains);
        var (modes, state) = (Modes(model), Bytes(model));
        var seen = new List<string[]>();
        var hook = norm.register_forward_hook((_, _, output) =>
        {
            seen.Add(Modes(model));
            return output;
        });

        using var prediction = MonteCarlo.Predict(model, randn(10, 4), 20, Seeded);
        hook.remove();

        Assert.Equal(["block.dropout"], Assert.Single(seen));
        Assert.Equal(modes, Modes(model));
        Assert.Equal(state, Bytes(model));
        Assert.False(prediction.Mean.requires_grad);
        Assert.True(is_grad_enabled());
        Assert.All(prediction.Variance.data<float>().ToArray(), variance => Assert.True(variance > 0));
    }

    /// <summary>The seed of a prediction holds for generators of modules too, which give other draws than each other, and are left where they were.</summary>
    [Fact]
    public void Predict_ModulesWithGeneratorsOfTheirOwn_AreSeededAndPutBack()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        using var model = nn.Sequential(nn.Linear(4, 3), new FastDropout(0.5) { generator = generator });
        var (inputs, before) = (randn(10, 4), generator.get_state().bytes.ToArray());
        using var first = MonteCarlo.Predict(model, inputs, 20, Seeded);
        Assert.Equal(before, generator.get_state().bytes.ToArray());
        generator.manual_seed(8);
        using var again = MonteCarlo.Predict(model, inputs, 20, Seeded);
        using var other = MonteCarlo.Predict(model, inputs, 20, Seeded with { Seed = 77 });

        Assert.Equal(first.Mean.bytes.ToArray(), again.Mean.bytes.ToArray());
        Assert.NotEqual(first.Mean.bytes.ToArray(), other.Mean.bytes.ToArray());
    }

    [Fact]
    public void Predict_ThatThrows_PutsBackModesGeneratorAndTensors()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Dropout(0.5), new Thrower(calls: 1));
        var inputs = randn(10, 4);
        var (modes, state, generator, live) = (Modes(model), Bytes(model), get_rng_state().bytes.ToArray(), DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        Assert.Throws<InvalidTimeZoneException>(() => MonteCarlo.Predict(model, inputs, 20, Seeded with { MaxBatch = 100 }));

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(modes, Modes(model));
        Assert.Equal(state, Bytes(model));
        Assert.Equal(generator, get_rng_state().bytes.ToArray());
        Assert.True(is_grad_enabled());
    }

    [Theory]
    [InlineData(OutputKind.Classes, 5)]
    [InlineData(OutputKind.Values, 2)]
    public void Predict_LeavesOnlyItsResults_WhichOutliveTheScope(OutputKind outputs, int tensors)
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp(nn.Dropout(0.5));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        MonteCarloPrediction prediction;
        using (NewDisposeScope()) prediction = MonteCarlo.Predict(model, data.Inputs, 50, Seeded with { Outputs = outputs, MaxBatch = 90 });

        Assert.Equal(before + tensors, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal([64, 3], prediction.Mean.shape);
        prediction.Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>The calls of the model, and the rows of each, are what one batch of all copies would be cut into.</summary>
    [Theory]
    [InlineData(10, 30, 1000, new long[] { 300 })]
    [InlineData(10, 30, 100, new long[] { 90, 90, 90, 30 })]
    [InlineData(2, 30, 10, new long[] { 10, 10, 10, 10, 10, 10 })]
    [InlineData(2, 31, 10, new long[] { 8, 8, 8, 7, 8, 8, 8, 7 })]
    [InlineData(1, 2, 1, new long[] { 1, 1 })]
    public void Predict_Copies_ShareBatchesOfBoundedSize(int rows, int samples, long maxBatch, long[] expected)
    {
        using var scope = NewDisposeScope();
        using var model = Models.Mlp(nn.Dropout(0.5));
        Assert.Equal(expected, Calls(model, randn(rows, 4), samples, Seeded with { MaxBatch = maxBatch }));
    }

    public static TheoryData<string> LayersThatShareADraw => ["DropConnectLinear", "TargetedDropoutLinear", "DropBlock2d", "Own"];

    /// <summary>Copies in one batch would all get the same weights, so that samples would be equal within a call.</summary>
    [Theory, MemberData(nameof(LayersThatShareADraw))]
    public void Predict_LayerWhoseRowsShareADraw_IsCalledForEachSample(string layer)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using nn.Module<Tensor, Tensor> random = layer switch
        {
            "DropConnectLinear" => nn.DropConnectLinear(16, 16),
            "TargetedDropoutLinear" => nn.TargetedDropoutLinear(16, 16),
            "DropBlock2d" => nn.Sequential(nn.Unflatten(1, [1, 4, 4]), nn.DropBlock2d(0.3, 2), nn.Flatten()),
            _ => new OwnNoise(),
        };
        using var model = nn.Sequential(nn.Linear(4, 16), random, nn.Dropout(0.1), nn.Linear(16, 3));
        var options = Seeded with { IsRandom = module => MonteCarlo.IsRandom(module) || module is OwnNoise };

        Assert.Equal([.. Enumerable.Repeat(2L, 12)], Calls(model, randn(2, 4), 12, options));
        Assert.Equal([2L, 2, 2, 2, 1, 1], Calls(model, randn(5, 4), 2, options with { MaxBatch = 2 }));
        Assert.Equal([24L], Calls(model, randn(2, 4), 12, options with { CopiesShareBatch = true }));
    }

    [Fact]
    public void Predict_MaskOfEachSample_SharesABatch()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.DropConnectLinear(4, 3, options: new DropConnectOptions { PerSample = true }));
        Assert.Equal([24L], Calls(model, randn(2, 4), 12, Seeded));
        using var convolutions = nn.Sequential(nn.Unflatten(1, [1, 4]), nn.DropConnectConv1d(1, 3, 2, per_sample: true), nn.Flatten());
        Assert.Equal([24L], Calls(convolutions, randn(2, 4), 12, Seeded));
    }

    [Fact]
    public void IsRandom_KnowsTheLayersOfBothLibraries()
    {
        using var scope = NewDisposeScope();
        nn.Module[] random =
        [
            nn.Dropout(), nn.Dropout1d(), nn.Dropout2d(), nn.Dropout3d(), nn.AlphaDropout(), nn.FeatureAlphaDropout(), nn.TransformerEncoderLayer(4, 2), nn.FastDropout(), nn.FastDropout2d(), nn.DropPath(),
            nn.GaussianDropout(), nn.VariationalDropout(4), nn.ConcreteDropout(4), nn.DropBlock2d(), nn.DropConnectLinear(2, 2), nn.TargetedDropoutLinear(2, 2),
            nn.NSDropout(4, 2, options: NSDropoutOptions.LabelFree), nn.NSDropoutSequence(4, 2, options: new NSDropoutOptions { GapShare = 0.2 }),
        ];
        Assert.All(random, module => Assert.True(MonteCarlo.IsRandom(module)));
        nn.Module[] others = [nn.Linear(2, 2), nn.BatchNorm1d(2), nn.NSDropout(4, 2), nn.NSDropout2d(4, 2), nn.Sequential(nn.Dropout()), nn.LSTM(2, 2), nn.ReLU()];
        Assert.All(others, module => Assert.False(MonteCarlo.IsRandom(module)));
    }

    /// <summary>In training mode NSDropout would ask for labels, and count a step.</summary>
    [Fact]
    public void Predict_NSDropoutBesideDropout_StaysInEvaluationMode()
    {
        using var scope = NewDisposeScope();
        var masked = nn.NSDropout(16, 3);
        using var model = nn.Sequential(nn.Linear(4, 16), masked, nn.Dropout(0.5), nn.Linear(16, 3));

        using var prediction = MonteCarlo.Predict(model, randn(5, 4), 20, Seeded);

        Assert.True(masked.training);
        Assert.Equal(0, masked.steps);
        Assert.All(prediction.Variance.data<float>().ToArray(), variance => Assert.True(variance > 0));
    }

    /// <summary>It draws in evaluation mode, in one batch of all copies, and is then as it was, also when something threw.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Predict_NSDropoutWithDrawnMasks_DrawsInEvaluationModeAndIsPutBack(bool trains, bool drawsBefore)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var masked = nn.NSDropoutSequence(8, 3, 0.4, length: 2, NSDropoutOptions.LabelFree);
        using var model = nn.Sequential(nn.Linear(4, 16), nn.Unflatten(1, [2, 8]), masked, nn.Flatten(), nn.Linear(16, 3));
        using var broken = nn.Sequential(masked, new Thrower(calls: 0));
        model.train(trains);
        masked.DrawsInEval = drawsBefore;
        var state = Bytes(model);
        var seen = new List<bool>();
        var hook = masked.register_forward_pre_hook((_, input) =>
        {
            seen.Add(masked is { training: false, DrawsInEval: true });
            return input;
        });

        Assert.Equal([60L], Calls(model, randn(3, 4), 20, Seeded));
        using var prediction = MonteCarlo.Predict(model, randn(3, 4), 20, Seeded);
        Assert.Throws<InvalidTimeZoneException>(() => MonteCarlo.Predict(broken, randn([3, 2, 8]), 20, Seeded));
        hook.remove();

        Assert.Equal([true, true, true], seen);
        Assert.Equal((trains, drawsBefore), (masked.training, masked.DrawsInEval));
        Assert.Equal(state, Bytes(model));
        Assert.All(prediction.Variance.data<float>().ToArray(), variance => Assert.True(variance > 0));
    }

    /// <summary>Who names the random modules may leave it out.</summary>
    [Fact]
    public void Predict_NSDropoutWithDrawnMasksThatIsNotNamed_IsTheIdentity()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.NSDropout(4, 3, options: NSDropoutOptions.LabelFree), nn.Dropout(1e-9));
        var inputs = randn(5, 4);

        using var prediction = MonteCarlo.Predict(model, inputs, 5, Seeded with { Outputs = OutputKind.Values, IsRandom = module => module is Dropout });

        Assert.Equal(inputs.data<float>().ToArray(), prediction.Mean.data<float>().ToArray());
    }

    /// <summary>Outputs need not lie in memory as rows do.</summary>
    [Fact]
    public void Predict_OutputsOfTransposedMemory_AreRowsAllTheSame()
    {
        using var scope = NewDisposeScope();
        var inputs = randn(5, 4);
        using var rows = nn.Sequential(nn.Dropout(0.5));
        using var columns = nn.Sequential(nn.Dropout(0.5), new Transposed());
        var values = Seeded with { Outputs = OutputKind.Values };

        using var expected = MonteCarlo.Predict(rows, inputs, 20, values);
        using var prediction = MonteCarlo.Predict(columns, inputs, 20, values);

        Assert.Equal(expected.Mean.data<float>().ToArray(), prediction.Mean.data<float>().ToArray());
    }

    [Fact]
    public void Predict_NothingRandom_SaysWhatToDo()
    {
        using var scope = NewDisposeScope();
        using var plain = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.BatchNorm1d(3));
        using var masked = nn.Sequential(nn.Linear(4, 3), nn.NSDropout(3, 2));
        Broken.Says(
            "a model must have a module that is random in training mode for its samples to differ, but Sequential has BatchNorm1d, Linear, ReLU, Sequential; "
            + "add a layer such as nn.Dropout, or name modules of your own by MonteCarloOptions.IsRandom.",
            () => MonteCarlo.Predict(plain, randn(2, 4), 5));
        Broken.Says(
            "a model must have a module that is random in training mode for its samples to differ, but Sequential has Linear, NSDropout, Sequential, and NSDropout chooses its masks and draws none (NSDropoutOptions.LabelFree draws them); "
            + "add a layer such as nn.Dropout, or name modules of your own by MonteCarloOptions.IsRandom.",
            () => MonteCarlo.Predict(masked, randn(2, 4), 5));
        Assert.True(plain.training);
    }

    [Fact]
    public void Predict_BrokenRules_SayTheRepair()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.Linear(4, 1), nn.Dropout());
        using var flat = nn.Sequential(nn.Dropout(), nn.Flatten(0));
        Broken.Says("number of samples must be at least 2, but got 1.", () => MonteCarlo.Predict(model, randn(2, 4), 1));
        Broken.Says("inputs must have at least one row, shape [N,…], but got [0,4].", () => MonteCarlo.Predict(model, zeros(0, 4), 2));
        Broken.Says("MaxBatch must be at least 1, but got 0.", () => _ = new MonteCarloOptions { MaxBatch = 0 });
        Broken.Says("ClassDimension must not be 0, the dimension of the rows; take 1 for [N,C], -1 for [N,T,C].", () => _ = new MonteCarloOptions { ClassDimension = 0 });
        Broken.Says("Outputs must be a member of OutputKind, but got 7.", () => _ = new MonteCarloOptions { Outputs = (OutputKind)7 });
        Broken.Says(
            "class logits must have at least two classes in dimension 1, but got [4,1]; "
            + "take MonteCarloOptions.Outputs = OutputKind.Binary for single logits, OutputKind.Values for a regression, or another ClassDimension.",
            () => MonteCarlo.Predict(model, randn(2, 4), 2));
        Broken.Says(
            "a model must give one row of outputs for each row of inputs, but gave [16] for 4 rows; set MonteCarloOptions.MaxBatch to what it takes, or make rows its first dimension.",
            () => MonteCarlo.Predict(flat, randn(2, 4), 2, new MonteCarloOptions { Outputs = OutputKind.Values }));
        using var values = MonteCarlo.Predict(model, randn(2, 4), 2, new MonteCarloOptions { Outputs = OutputKind.Values });
        Assert.Equal(
            "entropies must be of probabilities, but the samples are OutputKind.Values; take OutputKind.Classes or OutputKind.Binary, or go by the Variance.",
            Assert.Throws<InvalidOperationException>(() => values.MutualInformation).Message);
    }

    private static string[] Modes(nn.Module model) => [.. model.named_modules().Where(named => named.module.training).Select(named => named.name)];

    private static byte[] Bytes(nn.Module model) => [.. model.state_dict().Values.SelectMany(tensor => tensor.bytes.ToArray())];

    private static long[] Calls(nn.Module<Tensor, Tensor> model, Tensor inputs, int samples, MonteCarloOptions options)
    {
        var rows = new List<long>();
        var hook = model.register_forward_pre_hook((_, input) =>
        {
            rows.Add(input.shape[0]);
            return input;
        });
        using var prediction = MonteCarlo.Predict(model, inputs, samples, options);
        hook.remove();
        return [.. rows];
    }

    /// <summary>A module of somebody's own, which draws one factor for the whole batch.</summary>
    private sealed class OwnNoise() : nn.Module<Tensor, Tensor>(nameof(OwnNoise))
    {
        public override Tensor forward(Tensor input) => training ? input * rand(1) : input.alias();
    }

    private sealed class Transposed() : nn.Module<Tensor, Tensor>(nameof(Transposed))
    {
        public override Tensor forward(Tensor input) => input.t().contiguous().t();
    }

    private sealed class Thrower(int calls) : nn.Module<Tensor, Tensor>(nameof(Thrower))
    {
        private int left = calls;

        public override Tensor forward(Tensor input) => left-- > 0 ? input.alias() : throw new InvalidTimeZoneException();
    }
}
