using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

public class TargetedDropoutLinearTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Weights_AreTheSmallestOfEachOutput(double share)
    {
        using var scope = NewDisposeScope();
        var weight = Data.Normal(1, 5, 10);
        var rows = Data.Values(weight).Select(Math.Abs).Chunk(10).ToArray();
        Assert.Equal(SlowSiblings.Targets(rows, share), Rows(TargetedDropoutMath.Weights(weight, share), 10));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Units_AreTheColumnsOfTheSmallestNorm(double share)
    {
        using var scope = NewDisposeScope();
        var weight = Data.Normal(1, 5, 10);
        var values = Data.Values(weight);
        var norms = Enumerable.Range(0, 10).Select(i => Math.Sqrt(Enumerable.Range(0, 5).Sum(o => values[(o * 10) + i] * values[(o * 10) + i]))).ToArray();
        Assert.Equal(SlowSiblings.Targets([norms], share), Rows(TargetedDropoutMath.Units(weight, share), 10));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Kept_TargetsAreDroppedOrScaledAndAllOthersStay(bool units)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        const double p = 0.3;
        var weight = Data.Normal(1, 40, 50);
        var targets = units ? TargetedDropoutMath.Units(weight, 0.5) : TargetedDropoutMath.Weights(weight, 0.5);
        var mask = TargetedDropoutMath.Mask(targets, p);
        var (isTarget, isKept) = (Data.Values(targets), Data.Values(mask));
        var expected = Data.Values(weight).Select((w, i) =>
        {
            var at = units ? i % 50 : i;
            return isTarget[at] == 0 ? w : isKept[at] != 0 ? w / (1 - p) : 0;
        });
        Data.AssertClose([.. expected], TargetedDropoutMath.Kept(weight, targets, mask, p), 1e-14);
        Assert.All(isKept.Where((_, i) => isTarget[i] == 0), keep => Assert.Equal(1, keep));
        Assert.Contains(isKept.Where((_, i) => isTarget[i] != 0), keep => keep == 0);
    }

    [Fact]
    public void Train_MeanOfManyOutputs_IsTheEvalOutput()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        manual_seed(4);
        const int draws = 10_000;
        using var layer = torch.nn.TargetedDropoutLinear(6, 4, 0.5, target_share: 0.7, dtype: ScalarType.Float64);
        var x = Data.Normal(1, 3, 6);
        var outputs = stack(Enumerable.Range(0, draws).Select(_ => layer.call(x)).ToList());
        layer.eval();
        var expected = Data.Values(layer.call(x));
        var (mean, deviation) = (Data.Values(outputs.mean([0L])), Data.Values(outputs.std(0L)));
        for (var i = 0; i < mean.Length; i++)
            Assert.True(Math.Abs(mean[i] - expected[i]) <= 5 * deviation[i] / Math.Sqrt(draws));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Eval_Prune_IsTheMapWithoutItsTargets(bool units)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var layer = torch.nn.TargetedDropoutLinear(10, 4, target_share: 0.6, units: units, dtype: ScalarType.Float64);
        layer.eval();
        var x = Data.Normal(1, 3, 10);
        var whole = layer.call(x);
        layer.Prune = true;
        var targets = units ? TargetedDropoutMath.Units(layer.weight, 0.6) : TargetedDropoutMath.Weights(layer.weight, 0.6);
        var pruned = where(targets, zeros_like(layer.weight), layer.weight);
        Assert.True(Data.SameBits(torch.nn.functional.linear(x, pruned, layer.bias), layer.call(x)));
        Assert.False(Data.SameBits(whole, layer.call(x)));
        Assert.Equal(units ? 4 * 6 : 24, Data.Values(pruned).Count(w => w == 0));
    }

    [Fact]
    public void Train_ShareZero_DropsNothing()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.TargetedDropoutLinear(6, 4, 0.9, target_share: 0, dtype: ScalarType.Float64);
        var x = Data.Normal(1, 3, 6);
        Assert.True(Data.SameBits(torch.nn.functional.linear(x, layer.weight, layer.bias), layer.call(x)));
    }

    [Fact]
    public void Train_Weights_ChangeTheTargetsOfTheNextStep()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.TargetedDropoutLinear(2, 1, 0.999999, target_share: 0.5, hasBias: false);
        layer.weight = new Parameter(tensor(new float[] { 1, 10 }, 1, 2));
        Assert.Equal(10, layer.call(ones(1, 2)).item<float>());
        layer.weight = new Parameter(tensor(new float[] { 10, 3 }, 1, 2));
        Assert.Equal(10, layer.call(ones(1, 2)).item<float>());
    }

    [Fact]
    public void Constructor_SameSeed_DrawsTheParametersOfLinear()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var linear = torch.nn.Linear(7, 5);
        manual_seed(3);
        using var layer = torch.nn.TargetedDropoutLinear(7, 5);
        Assert.All(linear.state_dict(), e => Assert.True(Data.SameBits(e.Value, layer.state_dict()[e.Key]), e.Key));
    }

    [Theory]
    [InlineData(-0.1, "-0.1")]
    [InlineData(1.1, "1.1")]
    public void Constructor_ShareOutOfRange_SaysTheRuleAndLeavesNoTensorBehind(double share, string received)
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => torch.nn.TargetedDropoutLinear(4, 2, target_share: share));
        Assert.StartsWith($"target_share must be in [0, 1], but got {received}.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static bool[][] Rows(Tensor mask, int width) => [.. Data.Values(mask).Select(v => v != 0).Chunk(width)];
}
