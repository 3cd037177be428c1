using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Docs.Tests.Faq;

/// <summary>docs/faq.md on memory: each trouble occurs as it says, and its repair repairs it.</summary>
public sealed class MemoryTests
{
    [Fact]
    public void Loop_WithoutAScope_LeavesTensors_AndWithOneNone()
    {
        using var model = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2));
        using var optimizer = optim.SGD(model.parameters(), learningRate: 0.1);
        using var inputs = randn(8, 4);
        using var labels = zeros(8, int64);
        Assert.InRange(LeftBy(() => nn.functional.cross_entropy(model.call(inputs), labels).backward()), 20, long.MaxValue);
        Step();
        Assert.Equal(0, LeftBy(Step));

        void Step()
        {
            #region scope
            using var scope = NewDisposeScope(); // all that this step makes is freed at its end
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(inputs), labels);
            loss.backward();
            optimizer.step();
            #endregion
        }
    }

    [Fact]
    public void Result_OfAScope_IsGoneAfterIt_UnlessItIsMovedOut()
    {
        FaqPage.Quotes<InvalidOperationException>("A tensor is \"invalid\"", () =>
        {
            Tensor mean;
            using (NewDisposeScope()) mean = ones(3).mean();
            mean.item<float>();
        });

        using var result = MeanOf(ones(3));
        Assert.Equal(1, result.item<float>());
    }

    #region outlive
    private static Tensor MeanOf(Tensor values)
    {
        using var scope = NewDisposeScope();
        var centred = values - values.min();
        return (centred.mean() + values.min()).MoveToOuterDisposeScope(); // the caller's
    }
    #endregion

    [Fact]
    public void Module_ThatReturnsItsInput_BreaksASequential_AndAnAliasDoesNot()
    {
        using var input = ones(1, 3);
        FaqPage.Quotes<InvalidOperationException>("A module of my own works alone, but not in a Sequential", () =>
        {
            using var broken = nn.Sequential(nn.Linear(3, 3), new SameTensor(), nn.Linear(3, 2));
            broken.call(input);
        });

        using var whole = nn.Sequential(nn.Linear(3, 3), new Unchanged(), nn.Linear(3, 2));
        using var output = whole.call(input);
        Assert.Equal([1, 2], output.shape);
    }

    // Of this thread: the collector frees what is left on one of its own, at any moment, and Tensor.TotalCount falls.
    private static long LeftBy(Action step)
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 20; i++) step();
        return DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
    }

    private sealed class SameTensor() : nn.Module<Tensor, Tensor>("same")
    {
        public override Tensor forward(Tensor input) => input;
    }

    #region alias
    private sealed class Unchanged() : nn.Module<Tensor, Tensor>(nameof(Unchanged))
    {
        public override Tensor forward(Tensor input) => input.alias(); // never input itself
    }
    #endregion

    /// <summary>The moment itself cannot be met on purpose; that nothing keeps the number can be seen.</summary>
    [Fact]
    public void Number_OfAnOperator_IsGoneAtACollection_AndOfAVariableIsNot()
    {
        using var scope = NewDisposeScope();
        var values = ones(3);
        var left = Left();
        #region scalar
        using var half = 0.5.ToScalar(); // lives to the end of the block
        var halved = values.mul(half);
        #endregion
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.False(left.TryGetTarget(out _));
        Assert.Equal(0.5, half.ToDouble());
        Assert.Equal(1.5f, halved.sum().item<float>());

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference<Scalar> Left() => new(0.25);
    }
}
