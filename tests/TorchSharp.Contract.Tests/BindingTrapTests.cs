using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests;

/// <summary>Calls that bind to an overload one does not expect; they must bind so on both sides, surprise for surprise.</summary>
public sealed class BindingTrapTests : ContractTest
{
    private static Tensor X => tensor(new[,] { { 1f, 2 }, { 3, 4 } });

    [Fact]
    public void Sum_OfTheConstantZero_BindsToTheType()
    {
        // A constant 0 converts to any enumeration, and ScalarType.Byte is 0.
        Expect.Scalar((byte)10, X.sum(0));
        Expect.Equal(new[] { 4f, 6 }, X.sum(dim: 0));
        Expect.Equal(new[] { 4f, 6 }, X.sum(0L));
    }

    [Fact]
    public void AddAndClamp_OfNumbers_BindToScalars()
    {
        using var scope = NewDisposeScope();
        var x = X;
        x.add(1);
        x.add_(1);
        x.clamp(0, 1);
        x.mul(2.5);
        x.eq(1);
        Assert.Equal(5, scope.DisposablesCount);
    }

    [Fact]
    public void CollectionExpressions_BindToSpans()
    {
        Assert.Equal([3L, 4], zeros([3, 4]).shape);
        Assert.Equal([3L, 4], full([3, 4], 1).shape);
        Assert.Equal([3L, 4], rand([3, 4]).shape);
        Expect.Scalar(10f, X.sum([0, 1]));
        Expect.Equal(new[,] { { 1f, 2 } }, tensor(new[] { 1f, 2 }, [1, 2]));
    }

    [Fact]
    public void Sizes_HaveOverloadsOfIntsAndOfLongs()
    {
        int rows = 2, columns = 3;
        Assert.Equal([2L, 3], zeros(rows, columns).shape);
        Assert.Equal([2L, 3], zeros((long)rows, (long)columns).shape);
        Assert.Equal([2L, 3], randn(rows, columns).shape);
        Type[] ints = [typeof(int), typeof(int), typeof(ScalarType?), typeof(Device), typeof(bool), typeof(string[])];
        Type[] longs = [typeof(long), typeof(long), .. ints[2..]];
        Assert.NotNull(typeof(torch).GetMethod(nameof(zeros), ints));
        Assert.NotNull(typeof(torch).GetMethod(nameof(zeros), longs));
    }

    [Fact]
    public void TensorOfANumber_TakesATypeOnlyForBoolLongAndDouble()
    {
        Assert.Equal(ScalarType.Float32, tensor(1, dtype: ScalarType.Float32).dtype);
        Assert.Equal(ScalarType.Float64, tensor(1f, dtype: ScalarType.Float64).dtype);
        var typed = typeof(torch).GetMethods()
            .Where(method => method.Name == nameof(tensor) && method.GetParameters()[1].ParameterType == typeof(ScalarType?))
            .Select(method => method.GetParameters()[0].ParameterType);
        Assert.DoesNotContain(typeof(int), typed);
        Assert.DoesNotContain(typeof(float), typed);
    }

    [Fact]
    public void Equality_OfTensors_IsByElement_AndNullNeedsAPattern()
    {
        Tensor? none = null;
        Assert.True(none is null);
        Assert.False(X is null);
        Assert.Equal(typeof(Tensor), (X == X).GetType());

        // Both apply to a null on the right, so `x == null` does not compile.
        Assert.NotNull(typeof(Tensor).GetMethod("op_Equality", [typeof(Tensor), typeof(Tensor)]));
        Assert.NotNull(typeof(Tensor).GetMethod("op_Equality", [typeof(Tensor), typeof(Scalar)]));
    }

    [Fact]
    public void InPlaceMethods_ReturnTheTensor_ConversionsAnotherWrapper()
    {
        var x = X;
        Assert.Same(x, x.add_(1));
        Assert.Same(x, x.requires_grad_(false));
        Assert.NotSame(x, x.to(x.dtype));
        Assert.NotSame(x, x.to(CPU));
        Assert.NotSame(x, x.cpu());
        Assert.NotSame(x, x.contiguous());
        Assert.NotSame(x, x.detach());
    }

    [Fact]
    public void Cat_OfASingleTensor_IsThatTensor()
    {
        var x = X;
        Assert.Same(x, cat([x]));
    }

    [Fact]
    public void Indexers_OfNumbers_BindToLongs_AndOfTensors_ToTensors()
    {
        using var scope = NewDisposeScope();
        var x = X;
        _ = x[1, 0];
        Assert.Equal(2, scope.DisposablesCount);
        Assert.Equal([2L, 2], x[tensor(new[] { 0L, 1 })].shape);
        Expect.Scalar(3f, x[1, 0]);
    }

    [Fact]
    public void Mean_OfADimension_NeedsAnArray()
    {
        Expect.Equal(new[] { 2f, 3 }, X.mean([0]));
        Expect.Equal(new[] { 2f, 3 }, X.mean(new long[] { 0 }));
        Assert.Null(typeof(Tensor).GetMethod(nameof(Tensor.mean), [typeof(long), typeof(bool), typeof(ScalarType?)]));
    }

    [Fact]
    public void IndexAdd_NeedsItsAlpha() => Assert.All(
        typeof(Tensor).GetMethods().Where(method => method.Name is nameof(Tensor.index_add) or nameof(Tensor.index_add_)),
        method => Assert.False(method.GetParameters()[^1].IsOptional));

    [Fact]
    public void OneHot_TakesInt64Alone()
    {
        Expect.Equal(new[,] { { 0L, 1, 0 }, { 1, 0, 0 } }, nn.functional.one_hot(tensor(new[] { 1L, 0 }), 3));
        Assert.Equal([2L, 2], nn.functional.one_hot(tensor(new[] { 1L, 0 })).shape);
        Assert.Throws<ArgumentException>(() => nn.functional.one_hot(tensor(new[] { 1, 0 }), 3));
        Expect.NativeError("Class values must be smaller than num_classes", () => nn.functional.one_hot(tensor(new[] { 5L }), 3));
    }
}
