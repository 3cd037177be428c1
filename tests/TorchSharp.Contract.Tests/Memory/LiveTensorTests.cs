using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Memory;

public sealed class LiveTensorTests
{
    public LiveTensorTests() => Finalizers.Run();

    [Fact]
    public void TotalCount_FollowsCreationAndDisposal()
    {
        var before = Tensor.TotalCount;
        var x = ones(2);
        Assert.Equal(before + 1, Tensor.TotalCount);
        Assert.True(Tensor.PeakCount >= before + 1);
        x.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void TotalCount_AfterTenThousandTensors_IsWhatItWas()
    {
        var before = Tensor.TotalCount;
        for (var i = 0; i < 10_000; i++)
        {
            using var x = ones(4);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void TotalCount_AfterTenThousandScopes_IsWhatItWas()
    {
        var before = Tensor.TotalCount;
        for (var i = 0; i < 10_000; i++)
        {
            using var scope = NewDisposeScope();
            _ = (ones(4) + 1).sum();
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void TotalCount_AfterTwoThousandSteps_IsWhatItWas()
    {
        using var weight = zeros(8, 4).requires_grad_();
        using var inputs = ones(16, 8);
        Step();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 2_000; i++) Step();
        Assert.Equal(before, Tensor.TotalCount);

        void Step()
        {
            using var scope = NewDisposeScope();
            inputs.mm(weight).sub(1).square().mean().backward();
            using var mode = no_grad();
            weight.add_(weight.grad!, alpha: -0.01);
            weight.grad!.fill_(0);
        }
    }

    [Fact]
    public void TotalCount_WithoutDisposal_IsLeftToTheFinalizer()
    {
        var before = Tensor.TotalCount;
        Abandon(100);
        for (var i = 0; i < 10 && Tensor.TotalCount > before; i++) Finalizers.Run();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Abandon(int count)
    {
        for (var i = 0; i < count; i++) _ = ones(1);
    }
}
