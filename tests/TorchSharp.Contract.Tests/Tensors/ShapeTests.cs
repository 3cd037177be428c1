using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Tensors;

public sealed class ShapeTests : ContractTest
{
    private static Tensor X => arange(6).reshape(2, 3);

    [Fact]
    public void Properties_AgreeWithEachOther()
    {
        var x = zeros(2, 3, 4);
        Assert.Equal([2L, 3, 4], x.shape);
        Assert.Equal(x.shape, x.size());
        Assert.Equal(3, x.ndim);
        Assert.Equal(3, x.dim());
        Assert.Equal(24, x.numel());
        Assert.Equal(24, numel(x));
        Assert.Equal(3, x.size(1));
        Assert.Equal(4, x.size(-1));
        Assert.Equal([12L, 4, 1], x.stride());
        Assert.Equal(4, x.stride(1));
        Assert.Equal(0, x.storage_offset());
        Assert.Equal(3, x.transpose(0, 2)[1].size(-2));
    }

    [Fact]
    public void View_SharesItsElements()
    {
        var x = zeros(6);
        x.view(2, 3)[1, 2] = tensor(5f);
        Expect.Equal(new[] { 0f, 0, 0, 0, 0, 5 }, x);
        Assert.Equal([3L, 2], x.view(3, -1).shape);
        Assert.Equal([1L, 6], x.view([1, 6]).shape);
    }

    [Fact]
    public void Reshape_OfATransposedTensor_Copies()
    {
        var flat = X.t().reshape(-1);
        Expect.Equal(new[] { 0L, 3, 1, 4, 2, 5 }, flat);
        Assert.True(flat.is_contiguous());
    }

    [Fact]
    public void PermuteTransposeAndT_AreViewsWithOtherStrides()
    {
        var turned = X.permute(1, 0);
        Expect.Equal(new[,] { { 0L, 3 }, { 1, 4 }, { 2, 5 } }, turned);
        Assert.Equal([1L, 3], turned.stride());
        Assert.False(turned.is_contiguous());
        Assert.True(turned.contiguous().is_contiguous());
        Expect.Equal(new[,] { { 0L, 3 }, { 1, 4 }, { 2, 5 } }, X.transpose(0, 1));
        Expect.Equal(new[,] { { 0L, 3 }, { 1, 4 }, { 2, 5 } }, X.T);
    }

    [Fact]
    public void Flatten_JoinsDimensions()
    {
        var x = zeros(2, 3, 4, 5);
        Assert.Equal([120L], x.flatten().shape);
        Assert.Equal([2L, 60], x.flatten(1).shape);
        Assert.Equal([2L, 12, 5], x.flatten(1, 2).shape);
        Assert.Equal([2L, 60], flatten(x, 1).shape);
    }

    [Fact]
    public void SqueezeAndUnsqueeze_DropAndAddOnes()
    {
        Assert.Equal([1L, 2, 3], X.unsqueeze(0).shape);
        Assert.Equal([2L, 3, 1], X.unsqueeze(-1).shape);
        Assert.Equal([2L, 3], zeros(1, 2, 1, 3).squeeze().shape);
        Assert.Equal([2L, 1, 3], zeros(1, 2, 1, 3).squeeze(0).shape);
        Assert.Equal([1L, 2, 1, 3], zeros(1, 2, 1, 3).squeeze(1).shape);
    }

    [Fact]
    public void Expand_RepeatsWithoutACopy()
    {
        var x = tensor(new[,] { { 1f }, { 2 } }).expand(2, 3);
        Expect.Equal(new[,] { { 1f, 1, 1 }, { 2, 2, 2 } }, x);
        Assert.Equal([1L, 0], x.stride());
        Assert.Equal([2L, 3], tensor(new[] { 1f }).expand_as(x).shape);
        Assert.Equal([2L, 1], zeros(2, 1).expand(-1, 1).shape);
    }

    [Fact]
    public void Repeat_Copies() => Expect.Equal(new[] { 1f, 2, 1, 2 }, tensor(new[] { 1f, 2 }).repeat(2));

    [Fact]
    public void CatAndStack_JoinAlongADimension()
    {
        Tensor a = tensor(new[] { 1f, 2 }), b = tensor(new[] { 3f, 4 });
        Expect.Equal(new[] { 1f, 2, 3, 4 }, cat([a, b]));
        Expect.Equal(new[,] { { 1f, 2 }, { 3, 4 } }, stack([a, b]));
        Expect.Equal(new[,] { { 1f, 3 }, { 2, 4 } }, stack(new List<Tensor> { a, b }, dim: 1));
        Expect.Equal(new[,] { { 1f, 2 }, { 3, 4 } }, vstack([a, b]));
        Expect.Equal(new[,] { { 1f, 1, 2 } }, cat([ones(1, 1), a.unsqueeze(0)], 1));
    }

    [Fact]
    public void Cat_OfAThousandTensors_KeepsTheirOrder()
    {
        var parts = Enumerable.Range(0, 1000).Select(i => tensor(new[] { (long)i })).ToArray();
        Assert.True(cat(parts).Equals(arange(1000)));
    }

    [Fact]
    public void Einsum_ContractsNamedDimensions() =>
        Expect.Equal(new[,] { { 5L, 14 }, { 14, 50 } }, einsum("ij,kj->ik", X, X));

    [Fact]
    public void TrilTriuAndDiag_TakeTheirParts()
    {
        var x = tensor(new[,] { { 1f, 2 }, { 3, 4 } });
        Expect.Equal(new[,] { { 1f, 0 }, { 3, 4 } }, x.tril());
        Expect.Equal(new[,] { { 0f, 2 }, { 0, 0 } }, x.triu(1));
        Expect.Equal(new[] { 1f, 4 }, x.diag());
    }

    [Fact]
    public void Unfold_SlidesAWindow() =>
        Expect.Equal(new[,] { { 0L, 1 }, { 1, 2 }, { 2, 3 } }, arange(4).unfold(0, 2, 1));

    [Fact]
    public void CloneCopies_AliasShares()
    {
        var x = tensor(new[] { 1f });
        var copy = x.clone();
        var alias = x.alias();
        x.fill_(5);
        Expect.Equal(new[] { 1f }, copy);
        Expect.Equal(new[] { 5f }, alias);
        Assert.NotSame(x, alias);
        x.Dispose();
        Expect.Equal(new[] { 5f }, alias);
    }

    [Fact]
    public void Text_NamesShapeTypeAndDevice() =>
        Assert.Equal("[2x3], type = Int64, device = cpu", X.ToString());
}
