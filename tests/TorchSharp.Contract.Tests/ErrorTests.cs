using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests;

/// <summary>
/// What libtorch refuses is an ExternalException whose first line is libtorch's sentence. Only words that are the same from
/// libtorch 1.13 to 2.5 are asserted, and only operators that TorchSharp guards (matmul, for one, ends the process there).
/// </summary>
public sealed class ErrorTests : ContractTest
{
    private static Tensor X => arange(6, dtype: ScalarType.Float32).reshape(2, 3);

    public static TheoryData<string, Func<object?>> Refused => new()
    {
        { "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", () => X.mm(X) },
        { "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0", () => ones(2) + ones(3) },
        { "shape '[4]' is invalid for input of size 6", () => X.view(4) },
        { "shape '[4]' is invalid for input of size 6", () => X.reshape(4) },
        { "The expanded size of the tensor (4) must match the existing size (3) at non-singleton dimension 1", () => X.expand(2, 4) },
        { "index out of range in self", () => X.index_select(0, tensor(new[] { 5L })) },
        { "index 5 is out of bounds for dimension 0 with size 2", () => X.gather(0, tensor(new[,] { { 5L } })) },
        { "index 9 is out of bounds for dimension 0 with size 2", () => X.scatter_(0, tensor(new[,] { { 9L } }), ones(1, 1)) },
        { "index 5 out of range for tensor of size [2, 3] at dimension 0", () => X[5] },
        { "index 5 is out of bounds for dimension 0 with size 2", () => X[TensorIndex.Single(5)] },
        { "index 5 is out of bounds for dimension 1 with size 3", () => X[TensorIndex.Colon, TensorIndex.Single(5)] },
        { "too many indices for tensor of dimension 2", () => X[0, 0, TensorIndex.Single(0)] },
        { "too many indices for tensor of dimension 2", () => X[TensorIndex.Ellipsis, TensorIndex.Colon, TensorIndex.Colon, 0] },
        { "Dimension out of range (expected to be in range of [-3, 2], but got 5)", () => X.unsqueeze(5) },
        { "Dimension out of range (expected to be in range of [-2, 1], but got 2)", () => X.sum(2L) },
        { "Dimension out of range (expected to be in range of [-2, 1], but got 5)", () => X.size(5) },
        { "selected index k out of range", () => X.topk(9) },
        { "stack expects each tensor to be equal size, but got [2] at entry 0 and [3] at entry 1", () => stack([ones(2), ones(3)]) },
        { "stack expects a non-empty TensorList", () => stack([]) },
        { "bernoulli_ expects p to be in [0, 1], but got p=2", () => ones(2).bernoulli_(2) },
        { "could not infer output dtype", () => arange(3).mean() },
        { "not implemented for 'Float'", () => X & X },
        { "scalar type", () => X.index_add(0, tensor(new[] { 0L }), ones(1, 3, dtype: ScalarType.Float64), 1) },
        { "probability tensor contains either `inf`, `nan` or element < 0", () => tensor(new[] { -1f, 1 }).multinomial(1) },
        { "bincount only supports 1-d non-negative integral inputs", () => torch.bincount(tensor(new[] { -1L })) },
        { "split_with_sizes expects split_sizes to sum exactly to 2", () => X.split(new long[] { 1, 2 }) },
        { "t() expects a tensor with <= 2 dimensions, but self is 3D", () => ones(1, 2, 3).t() },
        { "Trying to create tensor with negative dimension -1", () => zeros(-1) },
        { "step must be greater than zero", () => X[TensorIndex.Slice(1, 0, -1)] },
        { "upper bound and larger bound inconsistent with step sign", () => arange(5, 0, 1) },
        { "number of steps must be non-negative", () => linspace(0, 1, -1) },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Operator_GivenWhatItRefuses_ThrowsLibtorchsSentence(string sentence, Func<object?> call) =>
        Expect.NativeError(sentence, call);

    [Fact]
    public void Operator_AfterAnError_WorksAgain()
    {
        Assert.Throws<ExternalException>(() => X.view(4));
        Expect.Scalar(15f, X.sum());
    }

    [Fact]
    public void Operator_ThatThrows_LeavesNoTensorBehind()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(2), y = ones(3);
        Assert.Throws<ExternalException>(() => x + y);
        Assert.Throws<ExternalException>(() => x.view(5));
        Assert.Equal(2, scope.DisposablesCount);
    }

    [Fact]
    public void DisposedTensor_InAnyRole_ThrowsInvalidOperation()
    {
        var x = ones(2);
        var gone = ones(2);
        gone.Dispose();
        gone.Dispose();
        Assert.True(gone.IsInvalid);
        Assert.Equal("Tensor invalid -- empty handle.", Assert.Throws<InvalidOperationException>(() => gone + x).Message);
        Assert.Throws<InvalidOperationException>(() => x + gone);
        Assert.Throws<InvalidOperationException>(() => gone.shape);
        Assert.Throws<InvalidOperationException>(() => gone.dtype);
        Assert.Throws<InvalidOperationException>(() => gone.add_(1));
        Assert.Throws<InvalidOperationException>(() => gone.data<float>());
        Assert.Throws<InvalidOperationException>(() => cat([x, gone]));
        Assert.Throws<InvalidOperationException>(() => where(x.gt(0), x, gone));
    }

    [Fact]
    public void NullTensor_ThrowsNullReference()
    {
        Assert.Throws<NullReferenceException>(() => X.add((Tensor)null!));
        Assert.Throws<NullReferenceException>(() => X.mm(null!));
        Assert.Throws<NullReferenceException>(() => cat([X, null!]));
    }

    [Fact]
    public void ManagedChecks_ThrowArgumentException()
    {
        Assert.Throws<ArgumentException>(() => cat([]));
        Assert.Throws<ArgumentException>(() => where(ones(2), ones(2), zeros(2)));
        Assert.Throws<ArgumentException>(() => rand(2, dtype: ScalarType.Int64));
        Assert.Throws<ArgumentException>(() => randn(2, dtype: ScalarType.Int32));
        Assert.Throws<ArgumentException>(() => device("abacus"));
        Assert.Throws<ArgumentException>(() => X.cuda(CPU));
    }

    [Fact]
    public void MissingCuda_ThrowsInvalidOperation()
    {
        if (cuda.is_available()) return;
        Assert.Equal(0, cuda.device_count());
        var error = Assert.Throws<InvalidOperationException>(() => X.to("cuda"));
        Assert.Contains("CUDA did not initialise", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => zeros(1, device: device("cuda:0")));
        Assert.Throws<InvalidOperationException>(() => X.cuda());
    }
}
