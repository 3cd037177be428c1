using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Memory;

public sealed class DisposeScopeTests
{
    [Fact]
    public void Scope_WhenItEnds_DisposesWhatWasMadeInIt()
    {
        Tensor x, y;
        using (var scope = NewDisposeScope())
        {
            x = ones(2);
            y = x + 1;
            Assert.Equal(2, scope.DisposablesCount);
            Assert.True(scope.Contains(x));
            Assert.Contains(y, scope.DisposablesView);
            Assert.False(x.IsInvalid);
        }

        Assert.True(x.IsInvalid);
        Assert.True(y.IsInvalid);
    }

    [Fact]
    public void CurrentScope_IsTheInnermost()
    {
        Assert.Null(CurrentDisposeScope);
        using var outer = NewDisposeScope();
        Assert.Same(outer, CurrentDisposeScope);
        using (var inner = NewDisposeScope()) Assert.Same(inner, CurrentDisposeScope);
        Assert.Same(outer, CurrentDisposeScope);
    }

    [Fact]
    public void Tensor_FromBeforeTheScope_Survives()
    {
        using var x = ones(2);
        using (NewDisposeScope()) x.add_(1);
        Expect.Equal(new[] { 2f, 2 }, x);
    }

    [Fact]
    public void Tensor_DisposedByHand_LeavesItsScope()
    {
        using var scope = NewDisposeScope();
        var x = ones(2);
        x.Dispose();
        Assert.Equal(0, scope.DisposablesCount);
        x.Dispose();
    }

    [Fact]
    public void MoveToOuter_HandsOverToTheEnclosingScope()
    {
        using var outer = NewDisposeScope();
        Tensor result, temporary;
        using (NewDisposeScope())
        {
            temporary = ones(2);
            result = (temporary * 2).MoveToOuterDisposeScope();
        }

        Assert.True(temporary.IsInvalid);
        Assert.False(result.IsInvalid);
        Assert.True(outer.Contains(result));
        Assert.Equal(1, outer.DisposablesCount);
    }

    [Fact]
    public void MoveToOuter_OfTheOutermost_Detaches()
    {
        Tensor x;
        using (NewDisposeScope()) x = ones(2).MoveToOuterDisposeScope();
        Assert.False(x.IsInvalid);
        x.Dispose();
    }

    [Fact]
    public void MoveToOuter_OfTwo_ReturnsBoth()
    {
        using var outer = NewDisposeScope();
        using var inner = NewDisposeScope();
        var (a, b) = inner.MoveToOuter(ones(1), zeros(1));
        Assert.Equal(0, inner.DisposablesCount);
        Assert.True(outer.Contains(a) && outer.Contains(b));
    }

    [Fact]
    public void MoveToOuter_WithoutScope_IsNothing()
    {
        using var x = ones(1);
        Assert.Same(x, x.MoveToOuterDisposeScope());
        Assert.Same(x, x.DetachFromDisposeScope());
    }

    [Fact]
    public void Detach_LetsATensorOutliveEveryScope()
    {
        Tensor x;
        using (NewDisposeScope())
        using (NewDisposeScope()) x = ones(2).DetachFromDisposeScope();
        Assert.False(x.IsInvalid);
        x.Dispose();
        Assert.True(x.IsInvalid);
    }

    [Fact]
    public void Attach_PutsATensorUnderTheScope()
    {
        var x = ones(2);
        using (var scope = NewDisposeScope()) scope.Attach(x);
        Assert.True(x.IsInvalid);
    }

    [Fact]
    public void Attach_TakesATensorFromItsFormerScope()
    {
        using var outer = NewDisposeScope();
        using var inner = NewDisposeScope();
        var x = ones(1);
        outer.Attach(x);
        Assert.True(outer.Contains(x));
        Assert.False(inner.Contains(x));
        inner.Dispose();
        Assert.False(x.IsInvalid);
    }

    [Fact]
    public void MoveToOther_FollowsATensor()
    {
        using var outer = NewDisposeScope();
        var home = ones(1);
        using (NewDisposeScope()) Assert.True(outer.Contains(ones(1).MoveToOtherDisposeScope(home)));
        Assert.Equal(2, outer.DisposablesCount);
    }

    [Fact]
    public void DisposeEverythingBut_KeepsWhatItIsGiven()
    {
        using var scope = NewDisposeScope();
        Tensor a = ones(1), b = ones(1), c = ones(1);
        var (keptA, keptB) = scope.DisposeEverythingBut(a, b);
        Assert.Same(a, keptA);
        Assert.Same(b, keptB);
        Assert.True(c.IsInvalid);
        Assert.Equal(2, scope.DisposablesCount);
        Assert.Same(b, scope.DisposeEverythingBut(b));
        Assert.True(a.IsInvalid);
        scope.DisposeEverything();
        Assert.True(b.IsInvalid);
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void Scopes_EndedOutOfOrder_DisposeTheirOwnAlone()
    {
        var outer = NewDisposeScope();
        var ofOuter = ones(1);
        var inner = NewDisposeScope();
        var ofInner = ones(1);
        outer.Dispose();
        Assert.True(ofOuter.IsInvalid);
        Assert.False(ofInner.IsInvalid);
        Assert.Same(inner, CurrentDisposeScope);
        var another = ones(1);
        inner.Dispose();
        Assert.True(ofInner.IsInvalid);
        Assert.True(another.IsInvalid);
        Assert.Null(CurrentDisposeScope);
    }

    [Fact]
    public void Scope_EndedTwice_IsEndedOnce()
    {
        using var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        inner.Dispose();
        var x = ones(1);
        inner.Dispose();
        Assert.False(x.IsInvalid);
        Assert.Same(outer, CurrentDisposeScope);
        Assert.Throws<ObjectDisposedException>(() => inner.DisposablesCount);
    }

    [Fact]
    public void Scope_WhenItsBlockThrows_StillDisposes()
    {
        Tensor? x = null;
        Assert.Throws<ExternalException>(() =>
        {
            using var scope = NewDisposeScope();
            x = ones(2);
            x.view(3);
        });
        Assert.True(x!.IsInvalid);
        Assert.Null(CurrentDisposeScope);
    }

    [Fact]
    public void Scope_BelongsToItsThread()
    {
        using var scope = NewDisposeScope();
        DisposeScope? elsewhere = scope;
        Tensor? x = null;
        var thread = new Thread(() =>
        {
            elsewhere = CurrentDisposeScope;
            x = ones(1);
        });
        thread.Start();
        thread.Join();
        Assert.Null(elsewhere);
        Assert.Equal(0, scope.DisposablesCount);
        x!.Dispose();
    }

    [Fact]
    public void Scope_HoldsATensorDisposedOnAnotherThreadNoMore()
    {
        using var scope = NewDisposeScope();
        var x = ones(1);
        var thread = new Thread(x.Dispose);
        thread.Start();
        thread.Join();
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void PairsAndLists_AreInTheScopeToo()
    {
        using var scope = NewDisposeScope();
        var x = arange(6);
        x.topk(2);
        Assert.Equal(3, scope.DisposablesCount);
        x.split(2);
        Assert.Equal(6, scope.DisposablesCount);
    }

    [Fact]
    public void WrappedScope_KeepsOnlyTheResult()
    {
        using var scope = NewDisposeScope();
        var x = WrappedTensorDisposeScope(() => ones(2) + ones(2));
        Expect.Equal(new[] { 2f, 2 }, x);
        Assert.Equal(1, scope.DisposablesCount);
    }
}
