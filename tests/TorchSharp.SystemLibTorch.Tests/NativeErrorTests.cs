using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.SystemLibTorch.Tests;

/// <summary>Errors at which TorchSharp's own native side ends the process; here they are exceptions like all others.</summary>
public sealed class NativeErrorTests
{
    public static TheoryData<string, Action> Refused => new()
    {
        { "mat1 and mat2 shapes cannot be multiplied", () => ones(2, 3).matmul(ones(2, 3)) },
        { "does not require grad", () => torch.autograd.grad([ones(1).sum()], [ones(1)]) },
        { "appears to not have been used in the graph", Unused },
        { "RNG state", () => set_rng_state(zeros(3, dtype: ScalarType.Byte)) },
        { "RNG state", () => set_rng_state(zeros(5056)) },
        { "Expected positive number of threads", () => set_num_threads(0) },
        { "expects 'from' to be less than 'to'", () => randint(5, 5, new long[] { 1 }) },
        { "negative dimension -1", () => randperm(-1) },
        { "slice step must be positive", () => ones(4).slice(0, 0, 3, 0) },
        { "step must be greater than zero", () => _ = ones(4)[TensorIndex.Slice(0, 3, 0)] },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Operator_GivenWhatItRefuses_ThrowsLibtorchsSentenceAlone(string words, Action action)
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(action);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Error_OnAnotherThread_IsItsOwn()
    {
        using var scope = NewDisposeScope();
        Exception? elsewhere = null;
        var thread = new Thread(() => elsewhere = Record.Exception(() => ones(2).view(3)));
        thread.Start();
        thread.Join();
        var here = Assert.Throws<ExternalException>(() => ones(2).view(5));
        Assert.Contains("shape '[3]'", Assert.IsType<ExternalException>(elsewhere).Message, StringComparison.Ordinal);
        Assert.Contains("shape '[5]'", here.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grad_OfAnUnusedInput_IsNullWhereAllowed()
    {
        using var scope = NewDisposeScope();
        Tensor used = ones(1, requires_grad: true), unused = ones(1, requires_grad: true);
        var gradients = torch.autograd.grad([used.sum()], [used, unused], allow_unused: true);
        Assert.Equal(1f, gradients[0].item<float>());
        Assert.True(gradients[1] is null or { IsInvalid: true });
    }

    private static void Unused()
    {
        Tensor used = ones(1, requires_grad: true), unused = ones(1, requires_grad: true);
        torch.autograd.grad([used.sum()], [unused]);
    }
}
