using NsDropoutTorch.Tests.Support;
using System.Runtime.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>
/// What the layers rely on in TorchSharp beyond its documentation, a fact each; the remark says who does. For another version of TorchSharp run these first:
/// <c>dotnet test --filter FullyQualifiedName~TorchSharpFacts</c>.
/// </summary>
public sealed class TorchSharpFactsTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    // StatefulModule disposes the buffer that it moved, HostTopK the rows that it read.
    [Fact]
    public void OperatorThatHasNothingToDo_ReturnsAnAlias()
    {
        var x = ones(2, 3);
        Func<Tensor>[] operators = [() => x.to(x.dtype), () => x.to(CPU), () => x.to(x.dtype, CPU), () => x.cpu(), () => x.contiguous(), () => x.alias()];
        Assert.All(operators, call => AssertIsAlias(call(), x));
    }

    // KeptActivations.
    [Fact]
    public void Cat_OfOneTensor_ReturnsAnAlias()
    {
        var x = ones(2, 3);
        AssertIsAlias(cat([x]), x);
    }

    // Whoever works in place hands on what it was given, and leaves nothing behind where no scope is open. (zero_ makes another wrapper: use fill_(0).)
    [Fact]
    public void InPlaceOperators_ReturnTheirTensor()
    {
        var (x, row, mask) = (ones(2, 3), tensor(new[] { 0L }), ones(2, 3, ScalarType.Bool));
        var (values, columns) = (ones(1, 3), zeros(1, 1, ScalarType.Int64));
        var made = scope.DisposablesCount;
        Tensor[] results =
        [
            x.abs_(), x.add_(values), x.sub_(1), x.mul_(2), x.mul_(values), x.div_(values), x.clamp_(0, 1), x.fill_(1), x.copy_(values), x.bernoulli_(0.5),
            x.masked_fill_(mask, 1), x.index_add_(0, row, values, 1), x.scatter_(1, columns, values), x.requires_grad_(false), x.normal_(0, 1),
        ];
        Assert.All(results, result => Assert.Same(x, result));
        Assert.Equal(made, scope.DisposablesCount);
    }

    // HostCounter writes its count this way.
    [Fact]
    public void Bytes_OfAScalarInHostMemory_AreItsOwnMemory()
    {
        var count = zeros([], ScalarType.Int64);
        count.bytes[0] = 7;
        Assert.Equal(7, count.item<long>());
    }

    // LabelScope and Check compare devices by type and number.
    [Fact]
    public void DeviceOfTheProcessor_HasOneNumberWhereverItIsAsked()
    {
        var x = ones(1);
        Assert.Equal([-1, -1, -1, -1], [CPU.index, new Device("cpu").index, x.device.index, x.device_index]);
        Assert.Equal((DeviceType.CPU, DeviceType.CPU), (x.device.type, x.device_type));
    }

    // Same seed, same bits: class sums are indexed additions.
    [Fact]
    public void IndexAdd_OnTheProcessor_GivesTheSameBitsEachTime()
    {
        var (x, rows) = (randn(20_000, 64), randint(10, [20_000], ScalarType.Int64));
        var first = zeros(10, 64).index_add_(0, rows, x, 1);
        Assert.All(Enumerable.Range(0, 5), _ => Assert.True(Data.SameBits(first, zeros(10, 64).index_add_(0, rows, x, 1))));
    }

    // NSDropoutOptions.ScaleBackward.
    [Fact]
    public void OutputScaledInPlaceWithoutGrad_KeepsTheGradientItHad()
    {
        var x = ones(2, requires_grad: true);
        var y = x.mul(tensor(new[] { 2f, 3 }));
        using (no_grad()) y.mul_(10);
        Assert.Equal([20, 30], Data.Values(y));
        y.sum().backward();
        Assert.Equal([2, 3], Data.Values(x.grad!));
    }

    // A layer called outside of any scope gives its output to the caller.
    [Fact]
    public void ResultMovedOutOfTheOutermostScope_BelongsToNoScope()
    {
        var live = OnAnotherThread(() =>
        {
            Tensor result;
            using (NewDisposeScope()) result = ones(2).MoveToOuterDisposeScope();
            using (result) return !result.IsInvalid;
        });
        Assert.True(live);
    }

    // docs/memory.md; what reads memory in place relies on the second half.
    [Fact]
    public void TensorThatNothingNames_IsFreedByItsFinalizer_UnlessAScopeHoldsIt()
    {
        var free = OnAnotherThread(Abandoned);
        var held = Abandoned();
        for (var i = 0; i < 10 && free.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(free.IsAlive);
        Assert.True(held.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Abandoned() => new(ones(2));
    }

    // docs/memory.md, LabelScope.
    [Fact]
    public void ScopesAndGradMode_BelongToTheirThread()
    {
        using var noGrad = no_grad();
        Assert.True(OnAnotherThread(() => CurrentDisposeScope is null && is_grad_enabled()));
    }

    // PlainTensors enters both modes, in this order.
    [Fact]
    public void InferenceModeSwitchedOff_TurnsGradientsOn_AndGivesBackWhatWas()
    {
        using var noGrad = no_grad();
        using (inference_mode(mode: false)) Assert.True(is_grad_enabled());
        Assert.False(is_grad_enabled());
        using (inference_mode())
        {
            using (inference_mode(mode: false)) Assert.False(is_inference_mode_enabled());
            Assert.True(is_inference_mode_enabled());
        }
    }

    // Why PlainTensors is there.
    [Fact]
    public void TensorOfInferenceMode_CannotBeChangedInPlaceOutside()
    {
        Tensor made;
        using (inference_mode()) made = ones(2);
        var error = Assert.ThrowsAny<Exception>(() => made.add_(1));
        Assert.Contains("Inplace update to inference tensor outside InferenceMode", error.Message, StringComparison.Ordinal);
    }

    private static void AssertIsAlias(Tensor result, Tensor x)
    {
        Assert.NotSame(x, result);
        result.fill_(5);
        Assert.All(Data.Values(x), value => Assert.Equal(5, value));
        result.Dispose();
        Assert.False(x.IsInvalid);
        x.fill_(1);
    }

    private static T OnAnotherThread<T>(Func<T> function)
    {
        T result = default!;
        var thread = new Thread(() => result = function());
        thread.Start();
        thread.Join();
        return result;
    }
}
