using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Audit;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Report;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class DivergenceTests
{
    private static readonly ImageDataset Images = Digits.First(trainCount: 100, testCount: 60);

    private static readonly ComparisonSettings Settings = new() { Dataset = Images.Name, Layers = ["none", "dropout", "nsdropout"], Epochs = 6, Hidden = [16, 8], Seeds = [22] };

    [Theory]
    [InlineData("reference")]
    [InlineData("holdout")]
    [InlineData("final")]
    public void Run_LearningRateWithoutMeasure_HasNoResultAndNoVerdict(string protocol)
    {
        var runs = Run(Settings with { Protocol = Protocol.Find(protocol), LearningRate = 1e30 });

        Assert.Equal(["none", "dropout", "nsdropout"], runs.Select(run => run.Layer));
        Assert.All(runs, run => Assert.InRange(run.Diverged!.Epoch!.Value, 0, 1));
        Assert.All(runs, run => Assert.Equal(run.Diverged!.Epoch + 1, run.History.Count));
        Assert.All(runs, run => Assert.Equal(double.NaN, run.TestError));
        Assert.All(runs, run => Assert.True(run is { TestErrorLabelMask: null, MaskFollowingRate: null, TestLoss: null, Audit: null, Examples: null, Confusion.Count: 0 }));
        Assert.All(LayerAudit.Of(runs), audit => Assert.Null(audit.Verdict));
    }

    // The best epoch came before, and its weights were finite.
    [Fact]
    public void Run_WeightsSpoiltLate_IsMarkedWithTheEpoch()
    {
        var run = Assert.Single(Run(Settings with { Layers = ["none"] }, _ => [new Spoiler(epoch: 3, float.NaN)]));

        Assert.Equal(new Divergence(22, 3, "weights"), run.Diverged);
        Assert.Equal(4, run.History.Count);
        Assert.All(run.History, point => Assert.True(double.IsFinite(point.TrainLoss) && double.IsFinite(point.SelectionLoss!.Value)));
        Assert.Equal(double.NaN, run.TestError);
    }

    // Behind a ReLU a bias of −∞ is a unit that is never active: every loss stays finite.
    [Fact]
    public void Run_InfiniteWeightWithFiniteLoss_IsMarked()
    {
        var run = Assert.Single(Run(Settings with { Layers = ["none"], FirstLayerL2 = 0 }, _ => [new Spoiler(epoch: 1, float.NegativeInfinity)]));

        Assert.Equal(new Divergence(22, 1, "weights"), run.Diverged);
    }

    [Fact]
    public void Run_OneSeedOfTwo_LeavesTheOtherAsItIs()
    {
        var runs = Run(Settings with { Layers = ["none", "nsdropout"], Seeds = [22, 23] }, run => run.Seed == 23 ? [new Spoiler(epoch: 2, float.NaN)] : []);
        var healthy = Run(Settings with { Layers = ["none", "nsdropout"], Seeds = [22] });

        Assert.Equal([22L, 22L], runs.Where(run => run.Diverged is null).Select(run => run.Seed));
        Assert.Equal(healthy.Select(run => run.TestError), runs.Where(run => run.Diverged is null).Select(run => run.TestError));
        Assert.Equal(1, Assert.Single(PairedComparison.Of(runs)).Pairs);
    }

    [Fact]
    public void Run_OnlyTheTestSetOverflows_IsMarked()
    {
        byte[] labels = [.. Enumerable.Range(0, 60).Select(i => (byte)(i % 3))];
        var train = new TabularSet(2, [.. labels.SelectMany((label, i) => new float[] { label, i % 7 })], labels);
        var test = new TabularSet(2, [.. labels.SelectMany(_ => new[] { 1e37f, 1e37f })], labels);
        var dataset = new TabularDataset("rows", 3, ["a", "b", "c"], ["label", "other"], train, test, "made up", []);
        using var comparison = new Comparison(dataset, Settings with { Layers = ["none"], Hidden = [16], InitialStd = 10 }, CPU);

        var run = Assert.Single(comparison.Run());

        Assert.Equal(new Divergence(22, run.BestEpoch, "test loss"), run.Diverged);
        Assert.Equal(6, run.History.Count);
    }

    [Fact]
    public void Run_NoiseControlDiverges_KeepsTheRunAndTestsNoControl()
    {
        var run = Assert.Single(Run(Settings with { Layers = ["nsdropout"] }, run => run.IsNoiseControl ? [new Spoiler(epoch: 1, float.NaN)] : []));

        Assert.Null(run.Diverged);
        Assert.InRange(run.TestError, 0, 1);
        Assert.Equal(new Divergence(22, 1, "weights"), run.Audit!.Noise!.Diverged);
        Assert.Equal(1, Assert.Single(LayerAudit.Of([run])).RatesTested);
    }

    [Fact]
    public void Audit_NetworkThatDiverged_HasNoVerdictThoughItsWeightsAreFinite()
    {
        using var comparison = new Comparison(Images, Settings, CPU);
        var recipe = comparison.RecipeOf("nsdropout", 22);
        using var model = recipe.Build();

        var recorded = comparison.Audit(recipe with { Diverged = new(22, 3, "training loss") }, model);
        Spoiler.Spoil(model, float.NaN);
        var seen = comparison.Audit(recipe, model);

        Assert.Equal("nsdropout has no verdict: it diverged with seed 22 in epoch 4 (training loss not finite).", recorded.Sentence);
        Assert.Equal("nsdropout has no verdict: it diverged with seed 22 (weights not finite).", seen.Sentence);
        Assert.True(recorded is { Verdict: null, MaskFollowingRate: null } && seen is { Verdict: null, MaskFollowingRate: null });
    }

    public static TheoryData<string> Cases => ["one of two seeds", "a whole layer", "the baseline", "everything"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Show_SomethingDiverged_SaysSoEverywhereAndPrintsNoFigureForIt(string which)
    {
        var results = Samples.Results([.. Results(which)]);

        foreach (var text in new[] { results.ToString(), HtmlReport.Render(results), string.Join('\n', results.Runs.Select(run => run.ToString())) })
        {
            Assert.Contains("diverged", text, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
            Assert.DoesNotContain("91.23", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("nothing can leak", which == "everything" ? HtmlReport.Render(results) : "", StringComparison.Ordinal);
        Assert.Equal(which == "the baseline", results.ToString().ReplaceLineEndings(" ").Contains("nothing can be compared with it", StringComparison.Ordinal) && which != "everything");
    }

    [Fact]
    public void Show_OneSeedOfALayer_NamesLayerSeedAndEpoch()
    {
        var text = Samples.Results([.. Results("one of two seeds")]).ToString();

        Assert.Contains("\n1 of 2 diverged", text, StringComparison.Ordinal);
        Assert.Contains("• nsdropout diverged with seed 23 in epoch 2 (training loss not finite): no result there, and no part in any mean, interval,", text, StringComparison.Ordinal);
    }

    private static IEnumerable<RunResult> Results(string which)
    {
        foreach (var layer in new[] { "none", "nsdropout" })
        {
            foreach (var seed in new[] { 22, 23 })
            {
                var diverged = which switch
                {
                    "one of two seeds" => layer == "nsdropout" && seed == 23,
                    "a whole layer" => layer == "nsdropout",
                    "the baseline" => layer == "none",
                    _ => true,
                };
                double? labelMask = layer == "none" ? null : 0.01;
                yield return diverged ? Samples.Diverged(layer, seed, labelMask: labelMask) : Samples.Run(layer, seed, 0.05, labelMask, labelMask is null ? null : 0.98);
            }
        }
    }

    private static IReadOnlyList<RunResult> Run(ComparisonSettings settings, Func<ComparisonRun, IReadOnlyList<Callback>>? watch = null)
    {
        using var comparison = new Comparison(Images, settings, CPU);
        return comparison.Run(watch);
    }

    /// <summary>Puts a value into the first bias of the network after an epoch.</summary>
    private sealed class Spoiler(int epoch, float value) : Callback
    {
        public override void OnEpochEnd(FitContext context, EpochRecord record)
        {
            if (record.Epoch == epoch)
            {
                Spoil(context.Model, value);
            }
        }

        public static void Spoil(nn.Module model, float value)
        {
            using var scope = torch.NewDisposeScope();
            using var noGradients = torch.no_grad();
            model.named_parameters().First(named => named.name.EndsWith("bias", StringComparison.Ordinal)).parameter[0] = torch.tensor(value);
        }
    }
}
