using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Tensors;

public sealed class ReductionTests : ContractTest
{
    private static Tensor X => tensor(new[,] { { 1f, 2, 6 }, { 4, -1, 3 } });

    [Fact]
    public void Sum_OverAllOrSomeDimensions()
    {
        Expect.Scalar(15f, X.sum());
        Expect.Equal(new[] { 5f, 1, 9 }, X.sum(dim: 0));
        Expect.Equal(new[] { 9f, 6 }, X.sum(1L));
        Expect.Equal(new[] { 9f, 6 }, X.sum(-1L));
        Expect.Equal(new[,] { { 9f }, { 6 } }, X.sum(1L, keepdim: true));
        Expect.Scalar(15f, X.sum(new long[] { 0, 1 }));
        Expect.Scalar(15f, X.sum([0, 1]));
        Expect.Scalar(15.0, X.sum(ScalarType.Float64));
        Expect.Equal(new[] { 9.0, 6 }, X.sum(dim: 1, type: ScalarType.Float64));
        Expect.Equal(new[] { 9f, 6 }, torch.sum(X, 1L));
    }

    [Fact]
    public void Sum_OfSmallIntegersAndTruthValues_IsInt64()
    {
        Expect.Scalar(2L, tensor(new[] { true, true, false }).sum());
        Expect.Scalar(400L, tensor(new byte[] { 200, 200 }).sum());
    }

    [Fact]
    public void Mean_OverAllOrSomeDimensions()
    {
        Expect.Scalar(2.5f, X.mean());
        Expect.Equal(new[] { 2.5f, 0.5f, 4.5f }, X.mean([0]));
        Expect.Equal(new[,] { { 3f }, { 2 } }, X.mean([1], keepdim: true));
        Expect.Scalar(2.5, X.mean([0, 1], type: ScalarType.Float64));
        Expect.Scalar(2.5f, torch.mean(X));
    }

    [Fact]
    public void VarianceAndDeviation_AreUnbiasedUnlessTold()
    {
        var x = tensor(new[] { 1.0, 2, 3, 6 });
        Expect.Near(14.0 / 3, x.var(), 1e-14);
        Expect.Near(3.5, x.var(0L, unbiased: false), 1e-14);
        Expect.Near(Math.Sqrt(14.0 / 3), x.std(), 1e-14);
        Expect.Near(Math.Sqrt(3.5), x.std(unbiased: false), 1e-14);
        Expect.Near([7, 7], tensor(new[,] { { 1.0, 2, 6 }, { 4, -1, 3 } }).var(1L), 1e-14);
    }

    [Fact]
    public void MaxAndMin_OfAll_AreScalars()
    {
        Expect.Scalar(6f, X.max());
        Expect.Scalar(-1f, X.min());
    }

    [Fact]
    public void MaxAndMin_AlongADimension_GiveValuesAndIndexes()
    {
        var (values, indexes) = X.max(1);
        Expect.Equal(new[] { 6f, 4 }, values);
        Expect.Equal(new[] { 2L, 0 }, indexes);
        var least = X.min(0, keepdim: true);
        Expect.Equal(new[,] { { 1f, -1, 3 } }, least.values);
        Expect.Equal(new[,] { { 0L, 1, 1 } }, least.indexes);
    }

    [Fact]
    public void Amax_AndAmin_ReduceSeveralDimensions()
    {
        Expect.Equal(new[] { 6f, 4 }, X.amax(1));
        Expect.Scalar(-1f, X.amin(0, 1));
    }

    [Fact]
    public void ArgmaxAndArgmin_IndexTheFlatTensorOrADimension()
    {
        Expect.Scalar(2L, X.argmax());
        Expect.Equal(new[] { 2L, 0 }, X.argmax(1));
        Expect.Equal(new[,] { { 2L }, { 0 } }, X.argmax(1, keepdim: true));
        Expect.Scalar(4L, X.argmin());
        Expect.Equal(new[] { 0L, 1, 1 }, X.argmin(0));
        Expect.Equal(new[] { 2L, 0 }, torch.argmax(X, 1));
    }

    [Fact]
    public void AnyAndAll_ReduceTruthValues()
    {
        var truth = tensor(new[,] { { true, false }, { true, true } });
        Expect.Scalar(true, truth.any());
        Expect.Scalar(false, truth.all());
        Expect.Equal(new[] { false, true }, truth.all(1));
        Expect.Equal(new[] { true, true }, truth.any(0));
        Expect.Scalar(3L, truth.count_nonzero());
    }

    [Fact]
    public void CumsumAndProd_MultiplyAndAccumulate()
    {
        Expect.Equal(new[,] { { 1f, 3, 9 }, { 4, 3, 6 } }, X.cumsum(1));
        Expect.Scalar(-144f, X.prod());
        Expect.Equal(new[] { 12f, -12 }, X.prod(1));
    }

    [Fact]
    public void Norm_AndLogsumexp_FollowTheirFormulas()
    {
        Expect.Near(Math.Sqrt(67), X.norm(), 2e-6);
        Expect.Near([Math.Sqrt(41), Math.Sqrt(26)], X.norm(1), 2e-6);
        Expect.Near(Math.Log(Math.Exp(1) + Math.Exp(2)), tensor(new[] { 1.0, 2 }).logsumexp(0), 1e-14);
    }

    [Fact]
    public void Median_OfAnEvenNumber_IsTheLowerMiddle() => Expect.Scalar(2f, X.median());

    [Fact]
    public void EmptyTensor_SumsToZero_AndHasNoMean()
    {
        Expect.Scalar(0f, empty(0).sum());
        Assert.True(float.IsNaN(empty(0).mean().item<float>()));
    }
}
