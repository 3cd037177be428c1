using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Layers;

public sealed class LinearTests : ContractTest
{
    [Fact]
    public void Linear_MatchesALoop()
    {
        using var layer = nn.Linear(3, 2, dtype: ScalarType.Float64);
        var x = Seeded.Tensor(1, 4, 3);
        double[] w = layer.weight.data<double>().ToArray(), b = layer.bias!.data<double>().ToArray();
        var inputs = x.data<double>();
        var expected = new double[8];
        for (var n = 0; n < 4; n++)
        {
            for (var o = 0; o < 2; o++)
            {
                expected[(n * 2) + o] = b[o] + Enumerable.Range(0, 3).Sum(i => inputs[n, i] * w[(o * 3) + i]);
            }
        }

        Expect.Near(expected, layer.call(x), 1e-14);
        Expect.Near(expected, nn.functional.linear(x, layer.weight, layer.bias), 1e-14);
    }

    [Fact]
    public void Linear_HasItsShapesAndTypes()
    {
        using var layer = nn.Linear(3, 2);
        Assert.Equal([2L, 3], layer.weight.shape);
        Assert.Equal([2L], layer.bias!.shape);
        Assert.Equal(ScalarType.Float32, layer.weight.dtype);
        Assert.Equal(["weight", "bias"], layer.named_parameters().Select(parameter => parameter.name));
        Assert.Equal((3L, 2L), (layer.in_features, layer.out_features));
        using var without = nn.Linear(3, 2, hasBias: false);
        Assert.Null(without.bias);
        Assert.Single(without.parameters());
    }

    [Fact]
    public void Linear_StartsUniformlyWithinTheRootOfItsInputs()
    {
        manual_seed(1);
        using var layer = nn.Linear(100, 200);
        Assert.InRange(layer.weight.abs().max().item<float>(), 0.099f, 0.1f);
        Assert.InRange(layer.bias!.abs().max().item<float>(), 0.09f, 0.1f);
        Assert.InRange(layer.weight.mean().item<float>(), -0.005f, 0.005f);
        Assert.InRange(layer.weight.std().item<float>(), 0.055f, 0.06f);
    }

    [Fact]
    public void Linear_OfTheSameSeed_StartsTheSame()
    {
        manual_seed(5);
        using var one = nn.Linear(3, 2);
        manual_seed(5);
        using var same = nn.Linear(3, 2);
        Assert.True(one.weight.Equals(same.weight));
        Assert.True(one.bias!.Equals(same.bias!));
    }

    [Fact]
    public void Linear_HasTheGradientsOfItsFormula()
    {
        using var layer = nn.Linear(2, 1, dtype: ScalarType.Float64);
        layer.call(tensor(new[,] { { 1.0, 2 }, { 3, 4 } })).sum().backward();
        Expect.Equal(new[,] { { 4.0, 6 } }, layer.weight.grad!);
        Expect.Equal(new[] { 2.0 }, layer.bias!.grad!);
    }

    [Fact]
    public void Linear_TakesAnyNumberOfLeadingDimensions()
    {
        using var layer = nn.Linear(3, 2);
        Assert.Equal([4L, 5, 2], layer.call(zeros(4, 5, 3)).shape);
        Assert.Equal([2L], layer.call(zeros(3)).shape);
    }

    [Fact]
    public void Embedding_PicksRows()
    {
        using var layer = nn.Embedding(4, 2);
        var rows = layer.call(tensor(new[] { 3L, 0, 3 }));
        Assert.True(rows[0].Equals(layer.weight![3]));
        Assert.True(rows[1].Equals(layer.weight[0]));
        rows.sum().backward();
        Expect.Equal(new[,] { { 1f, 1 }, { 0, 0 }, { 0, 0 }, { 2, 2 } }, layer.weight.grad!);
    }

    [Fact]
    public void FlattenUnflattenAndIdentity_KeepTheElements()
    {
        Assert.Equal([2L, 12], nn.Flatten().call(zeros(2, 3, 4)).shape);
        Assert.Equal([6L, 4], nn.Flatten(0, 1).call(zeros(2, 3, 4)).shape);
        Assert.Equal([2L, 3, 4], nn.Unflatten(1, [3, 4]).call(zeros(2, 12)).shape);
        Expect.Equal(new[] { 1f }, nn.Identity().call(ones(1)));
    }
}
