using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Layers;

public sealed class NormalizationTests : ContractTest
{
    private static Tensor X => tensor(new[,] { { 1.0, 10 }, { 2, 30 }, { 6, 20 } });

    [Fact]
    public void BatchNorm_InTraining_NormalisesByTheBatch()
    {
        using var layer = nn.BatchNorm1d(2, dtype: ScalarType.Float64);
        double[] first = [1, 2, 6], second = [10, 30, 20];
        var expected = Normalised(first, 1e-5).Zip(Normalised(second, 1e-5), (a, b) => new[] { a, b }).SelectMany(row => row);
        Expect.Near(expected.ToArray(), layer.call(X), 1e-12);
    }

    [Fact]
    public void BatchNorm_InTraining_KeepsRunningStatistics()
    {
        using var layer = nn.BatchNorm1d(2, momentum: 0.1, dtype: ScalarType.Float64);
        layer.call(X);
        Expect.Near([0.3, 2], layer.running_mean!, 1e-14);
        Expect.Near([0.9 + 0.7, 0.9 + 10], layer.running_var!, 1e-13);
        Assert.Equal(1, layer.num_batches_tracked!.ToInt64());
        layer.call(X);
        Expect.Near([0.57, 3.8], layer.running_mean!, 1e-14);
    }

    [Fact]
    public void BatchNorm_InEval_UsesTheRunningStatistics()
    {
        using var layer = nn.BatchNorm1d(2, eps: 0, dtype: ScalarType.Float64);
        layer.call(X);
        layer.eval();
        var before = layer.running_mean!.clone();
        var expected = (tensor(new[,] { { 1.0, 2 } }) - before) / layer.running_var!.sqrt();
        Assert.True(expected.allclose(layer.call(tensor(new[,] { { 1.0, 2 } }))));
        Assert.True(before.Equals(layer.running_mean!));
    }

    [Fact]
    public void BatchNorm_NamesItsTensors()
    {
        using var layer = nn.BatchNorm2d(3);
        Assert.Equal(["weight", "bias", "running_mean", "running_var", "num_batches_tracked"], layer.state_dict().Keys);
        Expect.Equal(new[] { 1f, 1, 1 }, layer.weight);
        Expect.Equal(new[] { 0f, 0, 0 }, layer.bias!);
        Expect.Equal(new[] { 1f, 1, 1 }, layer.running_var!);
        layer.call(ones(2, 3, 2, 2));
        layer.reset_running_stats();
        Expect.Equal(new[] { 0f, 0, 0 }, layer.running_mean!);
    }

    [Fact]
    public void BatchNorm2d_NormalisesEachChannel()
    {
        using var layer = nn.BatchNorm2d(2, dtype: ScalarType.Float64);
        var y = layer.call(Seeded.Tensor(3, 4, 2, 3, 3));
        Expect.Near([0, 0], y.mean([0, 2, 3]), 1e-14);
        Expect.Near([1, 1], y.var([0L, 2, 3], unbiased: false), 1e-3);
    }

    [Fact]
    public void BatchNorm_WithoutAffineOrTracking_HasNoTensors()
    {
        using var layer = nn.BatchNorm1d(2, affine: false, track_running_stats: false);
        Assert.Empty(layer.state_dict());
        layer.eval();
        Expect.Near([0, 0], layer.call(tensor(new[,] { { 1f, 2 }, { 3, 4 } })).sum(0L), 1e-6);
    }

    [Fact]
    public void BatchNorm_OfAnotherRank_Throws()
    {
        using var flat = nn.BatchNorm1d(2);
        using var spatial = nn.BatchNorm2d(2);
        Assert.Throws<ArgumentException>(() => flat.call(ones(2, 2, 2, 2)));
        Assert.Throws<ArgumentException>(() => spatial.call(ones(2, 2)));
    }

    [Fact]
    public void LayerNorm_NormalisesEachSample()
    {
        using var layer = nn.LayerNorm(3, eps: 1e-5, dtype: ScalarType.Float64);
        double[] row = [1, 2, 6];
        Expect.Near(Normalised(row, 1e-5), layer.call(tensor(row)), 1e-12);
        Assert.Equal([3L], layer.weight.shape);
    }

    [Fact]
    public void GroupNorm_NormalisesEachGroup()
    {
        using var layer = nn.GroupNorm(2, 4, dtype: ScalarType.Float64);
        nn.init.ones_(layer.weight); // TorchSharp leaves both uninitialised
        nn.init.zeros_(layer.bias!);
        var y = layer.call(Seeded.Tensor(4, 1, 4, 3)).reshape(2, 6);
        Expect.Near([0, 0], y.mean([1]), 1e-14);
        Expect.Near([1, 1], y.var(1L, unbiased: false), 1e-3);
    }

    [Fact]
    public void Normalize_GivesUnitLength() =>
        Expect.Near([0.6, 0.8], nn.functional.normalize(tensor(new[,] { { 3.0, 4 } })), 1e-15);

    private static double[] Normalised(double[] values, double eps)
    {
        var mean = values.Average();
        var variance = values.Average(value => (value - mean) * (value - mean));
        return values.Select(value => (value - mean) / Math.Sqrt(variance + eps)).ToArray();
    }
}
