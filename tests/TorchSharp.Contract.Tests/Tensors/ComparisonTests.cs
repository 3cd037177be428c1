using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Tensors;

public sealed class ComparisonTests : ContractTest
{
    private static Tensor X => tensor(new[] { 1f, 2, 3 });
    private static Tensor Y => tensor(new[] { 3f, 2, 1 });

    [Fact]
    public void Methods_BetweenTensors_GiveTruthValues()
    {
        Expect.Equal(new[] { false, true, false }, X.eq(Y));
        Expect.Equal(new[] { true, false, true }, X.ne(Y));
        Expect.Equal(new[] { true, false, false }, X.lt(Y));
        Expect.Equal(new[] { true, true, false }, X.le(Y));
        Expect.Equal(new[] { false, false, true }, X.gt(Y));
        Expect.Equal(new[] { false, true, true }, X.ge(Y));
    }

    [Fact]
    public void Methods_WithNumbers_GiveTruthValues()
    {
        Expect.Equal(new[] { false, true, false }, X.eq(2));
        Expect.Equal(new[] { true, false, true }, X.ne(2));
        Expect.Equal(new[] { true, false, false }, X.lt(2));
        Expect.Equal(new[] { true, true, false }, X.le(2.0));
        Expect.Equal(new[] { false, false, true }, X.gt(2f));
        Expect.Equal(new[] { false, true, true }, X.ge(2L));
    }

    [Fact]
    public void Operators_AreTheMethods()
    {
        Expect.Equal(new[] { false, true, false }, X == Y);
        Expect.Equal(new[] { true, false, true }, X != Y);
        Expect.Equal(new[] { true, false, false }, X < Y);
        Expect.Equal(new[] { true, true, false }, X <= Y);
        Expect.Equal(new[] { false, false, true }, X > Y);
        Expect.Equal(new[] { false, true, true }, X >= Y);
    }

    [Fact]
    public void Operators_WithANumberOnEitherSide_KeepItsSide()
    {
        Scalar two = 2;
        Expect.Equal(new[] { true, false, false }, X < two);
        Expect.Equal(new[] { false, false, true }, two < X);
        Expect.Equal(new[] { false, true, true }, two <= X);
        Expect.Equal(new[] { true, true, false }, two >= X);
        Expect.Equal(new[] { true, false, false }, two > X);
        Expect.Equal(new[] { false, true, false }, two == X);
        Expect.Equal(new[] { true, false, true }, two != X);
    }

    [Fact]
    public void Equals_IsTrueForTheSameElementsAndShape()
    {
        Assert.True(X.Equals(X.clone()));
        Assert.False(X.Equals(Y));
        Assert.False(X.Equals(X.unsqueeze(0)));
        Assert.True(X.Equals((object)X.clone()));
        Assert.False(X.Equals("three numbers"));
        Assert.False(X.Equals((object?)null));
    }

    [Fact]
    public void Allclose_ToleratesSmallDifferences()
    {
        Assert.True(X.allclose(X + 1e-6));
        Assert.False(X.allclose(X + 1e-3));
        Assert.True(X.allclose(X + 1e-3, atol: 1e-2));
        Assert.True(allclose(X, X.clone()));
        Assert.False(tensor(float.NaN).allclose(tensor(float.NaN)));
        Assert.True(tensor(float.NaN).allclose(tensor(float.NaN), equal_nan: true));
    }

    [Fact]
    public void Logical_Operators_TakeAnyType()
    {
        var a = tensor(new[] { 0f, 2 });
        var b = tensor(new[] { 1f, 3 });
        Expect.Equal(new[] { false, true }, a.logical_and(b));
        Expect.Equal(new[] { true, true }, a.logical_or(b));
        Expect.Equal(new[] { true, false }, a.logical_xor(b));
        Expect.Equal(new[] { true, false }, a.logical_not());
    }

    [Fact]
    public void NotANumber_EqualsNothing() => Expect.Equal(new[] { false }, tensor(new[] { float.NaN }).eq(float.NaN));
}
