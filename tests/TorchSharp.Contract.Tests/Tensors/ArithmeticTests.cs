using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Tensors;

public sealed class ArithmeticTests : ContractTest
{
    private static Tensor X => tensor(new[] { 1f, 2, -3 });
    private static Tensor Y => tensor(new[] { 4f, 0.5f, 2 });

    [Fact]
    public void Operators_BetweenTensors_WorkByElement()
    {
        Expect.Equal(new[] { 5f, 2.5f, -1 }, X + Y);
        Expect.Equal(new[] { -3f, 1.5f, -5 }, X - Y);
        Expect.Equal(new[] { 4f, 1, -6 }, X * Y);
        Expect.Equal(new[] { 0.25f, 4, -1.5f }, X / Y);
        Expect.Equal(new[] { -1f, -2, 3 }, -X);
        Expect.Equal(new[] { 1f, 0, 1 }, X % Y);
    }

    [Fact]
    public void Operators_WithNumbersOnTheRight_KeepTheTensorsType()
    {
        Expect.Equal(new[] { 2f, 3, -2 }, X + 1);
        Expect.Equal(new[] { 2f, 3, -2 }, X + 1.0);
        Expect.Equal(new[] { 0f, 1, -4 }, X - 1L);
        Expect.Equal(new[] { 2f, 4, -6 }, X * 2f);
        Expect.Equal(new[] { 0.5f, 1, -1.5f }, X / 2);
        Expect.Equal(new[] { 1f, 0, 1 }, X % 2);
    }

    [Fact]
    public void Operators_WithNumbersOnTheLeft_KeepTheTensorsType()
    {
        Expect.Equal(new[] { 2f, 3, -2 }, 1 + X);
        Expect.Equal(new[] { 0f, -1, 4 }, 1.0 - X);
        Expect.Equal(new[] { 2f, 4, -6 }, 2L * X);
        Expect.Near([0.25, 2, 0.5], 1f / Y, 0);
    }

    [Fact]
    public void Operators_OnIntegers_FollowTheFieldsRules()
    {
        var n = tensor(new[] { 7L, -7 });
        Expect.Equal(new[] { 3.5f, -3.5f }, n / 2);
        Expect.Equal(new[] { 1L, 1 }, n % 2);
        Expect.Equal(new[] { 8L, -6 }, n + 1);
        Expect.Equal(new[] { 7.5f, -6.5f }, n + 0.5);
    }

    [Fact]
    public void Promotion_OfTensors_TakesTheWiderType()
    {
        var half = ones(1, dtype: ScalarType.Float16);
        var real = ones(1, dtype: ScalarType.Float64);
        var whole = ones(1, dtype: ScalarType.Int64);
        Assert.Equal(ScalarType.Float64, (ones(1) + real).dtype);
        Assert.Equal(ScalarType.Float32, (whole + ones(1)).dtype);
        Assert.Equal(ScalarType.Float16, (half * whole).dtype);
        Assert.Equal(ScalarType.Int64, (whole + ones(1, dtype: ScalarType.Bool)).dtype);
        Assert.Equal(ScalarType.Float32, (ones(1) + tensor(2.0)).dtype);
    }

    [Fact]
    public void Operators_BroadcastTheSmallerShape()
    {
        var rows = tensor(new[,] { { 1f }, { 2 } });
        Expect.Equal(new[,] { { 2f, 3, -2 }, { 3, 4, -1 } }, rows + X);
        Expect.Equal(new[,] { { 1f, 2, -3 }, { 2, 4, -6 } }, rows * X);
    }

    [Fact]
    public void Add_WithAlpha_ScalesTheSecondOperand()
    {
        Expect.Equal(new[] { 9f, 3, 1 }, X.add(Y, 2));
        Expect.Equal(new[] { 7f, 8, 3 }, X.add(2, 3));
    }

    [Fact]
    public void InPlace_ChangesTheTensorAndReturnsIt()
    {
        var x = X.clone();
        Assert.Same(x, x.add_(Y));
        Expect.Equal(new[] { 5f, 2.5f, -1 }, x);
        Assert.Same(x, x.add_(Y, -1));
        Expect.Equal(new[] { 1f, 2, -3 }, x);
        Assert.Same(x, x.mul_(2));
        Assert.Same(x, x.sub_(1));
        Assert.Same(x, x.div_(tensor(new[] { 1f, 3, 7 })));
        Expect.Equal(new[] { 1f, 1, -1 }, x);
        Assert.Same(x, x.fill_(4));
        Assert.Same(x, x.pow_(2));
        Expect.Equal(new[] { 16f, 16, 16 }, x);
    }

    [Fact]
    public void Zero_InPlace_ReturnsAnotherWrapperOfTheSameTensor()
    {
        var x = X;
        var same = x.zero_();
        Assert.NotSame(x, same);
        Expect.Equal(new[] { 0f, 0, 0 }, x);
        x.fill_(2);
        Expect.Equal(new[] { 2f, 2, 2 }, same);
        same.Dispose();
        Assert.False(x.IsInvalid);
    }

    [Fact]
    public void Div_WithRounding_TruncatesOrFloors()
    {
        var x = tensor(new[] { 7f, -7 });
        Expect.Equal(new[] { 3f, -3 }, x.div(2, RoundingMode.trunc));
        Expect.Equal(new[] { 3f, -4 }, x.div(2, RoundingMode.floor));
        Expect.Equal(new[] { 3L, -4 }, tensor(new[] { 7L, -7 }).div(tensor(2L), RoundingMode.floor));
    }

    [Fact]
    public void Remainder_HasTheSignOfTheDivisor_FmodOfTheDividend()
    {
        var x = tensor(new[] { 5f, -5 });
        Expect.Equal(new[] { 2f, 1 }, x.remainder(3));
        Expect.Equal(new[] { 2f, -2 }, x.fmod(3));
    }

    [Fact]
    public void Pow_TakesNumbersAndTensors()
    {
        Expect.Equal(new[] { 1f, 4, 9 }, X.pow(2));
        Expect.Near([1, 8, 81], tensor(new[] { 1f, 2, 3 }).pow(tensor(new[] { 5f, 3, 4 })), 1e-5);
    }

    [Fact]
    public void Addcmul_Addcdiv_AndLerp_FollowTheirFormulas()
    {
        var z = tensor(new[] { 2f, 2, 2 });
        Expect.Equal(new[] { 5f, 2.5f, -1 }, X.addcmul(Y, z, 0.5));
        Expect.Equal(new[] { 3f, 2.25f, -2 }, X.addcdiv(Y, z, 1));
        Expect.Equal(new[] { 2.5f, 1.25f, -0.5f }, X.lerp(Y, tensor(0.5f)));
    }

    [Fact]
    public void Maximum_AndMinimum_WorkByElement()
    {
        Expect.Equal(new[] { 4f, 2, 2 }, X.maximum(Y));
        Expect.Equal(new[] { 1f, 0.5f, -3 }, minimum(X, Y));
    }

    [Fact]
    public void Matmul_Mm_Mv_Dot_AndBmm_MatchALoop()
    {
        var a = tensor(new[,] { { 1f, 2, 3 }, { 4, 5, 6 } });
        var b = tensor(new[,] { { 1f, 0 }, { 2, 1 }, { 0, 3 } });
        var product = new[,] { { 5f, 11 }, { 14, 23 } };
        Expect.Equal(product, a.mm(b));
        Expect.Equal(product, a.matmul(b));
        Expect.Equal(product, torch.matmul(a, b));
        Expect.Equal(new[] { -4f, -4 }, a.mv(X));
        Expect.Scalar(-1f, X.dot(Y));
        Expect.Equal(new[,,] { { { 5f, 11 }, { 14, 23 } } }, a.unsqueeze(0).bmm(b.unsqueeze(0)));
        Expect.Equal(new[,] { { 6f, 12 }, { 15, 24 } }, ones(2, 2).addmm(a, b));
        Expect.Equal(new[,] { { 4f, 0.5f, 2 }, { 8, 1, 4 }, { -12, -1.5f, -6 } }, X.outer(Y));
    }

    [Fact]
    public void BitwiseOperators_WorkOnTruthValuesAndIntegers()
    {
        var a = tensor(new[] { true, true, false });
        var b = tensor(new[] { true, false, false });
        Expect.Equal(new[] { true, false, false }, a & b);
        Expect.Equal(new[] { true, true, false }, a | b);
        Expect.Equal(new[] { false, true, false }, a ^ b);
        Expect.Equal(new[] { false, false, true }, ~a);
        Expect.Equal(new[] { 4L }, tensor(new[] { 6L }) & tensor(new[] { 12L }));
    }

    [Fact]
    public void StaticForms_EqualTheMethods()
    {
        Expect.Equal(new[] { 5f, 2.5f, -1 }, torch.add(X, Y));
        Expect.Equal(new[] { -3f, 1.5f, -5 }, torch.sub(X, Y));
        Expect.Equal(new[] { 4f, 1, -6 }, torch.mul(X, Y));
        Expect.Equal(new[] { 0.25f, 4, -1.5f }, torch.div(X, Y));
        Expect.Equal(new[] { 1f, 4, 9 }, torch.pow(X, 2));
    }
}
