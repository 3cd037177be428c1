using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Autograd;

public sealed class LeafTests : ContractTest
{
    [Fact]
    public void IsLeaf_UntilComputed()
    {
        var x = ones(2, requires_grad: true);
        Assert.True(x.is_leaf);
        Assert.False((x * 2).is_leaf);
        Assert.True((x * 2).requires_grad);
        Assert.True((ones(2) * 2).is_leaf);
        Assert.True(x.detach().is_leaf);
    }

    [Fact]
    public void RequiresGrad_CanBeSwitchedOnALeaf()
    {
        var x = ones(2);
        Assert.Same(x, x.requires_grad_());
        Assert.True(x.requires_grad);
        x.requires_grad = false;
        Assert.False(x.requires_grad);
        Assert.True(x.with_requires_grad().requires_grad);
    }

    [Fact]
    public void RequiresGrad_OfIntegers_Throws() => Expect.NativeError(
        "floating point and complex dtype can require gradients", () => ones(2, dtype: ScalarType.Int64).requires_grad_());

    [Fact]
    public void InPlace_OnALeafThatRequiresGrad_Throws()
    {
        Expect.NativeError("a leaf Variable that requires grad", () => ones(2, requires_grad: true).add_(1));
        Expect.NativeError("a leaf Variable that requires grad", () => ones(2, requires_grad: true).copy_(zeros(2)));
    }

    [Fact]
    public void InPlace_UnderNoGrad_ChangesALeaf()
    {
        var x = ones(2, requires_grad: true);
        using (no_grad()) x.add_(1);
        Expect.Equal(new[] { 2f, 2 }, x);
        Assert.True(x is { requires_grad: true, is_leaf: true });
    }

    [Fact]
    public void InPlace_OnWhatBackwardNeeds_Throws()
    {
        var x = ones(2, requires_grad: true);
        var y = x.exp();
        var loss = (y * y).sum();
        y.mul_(2);
        Expect.NativeError("modified by an inplace operation", () => loss.backward());
    }

    [Fact]
    public void Detach_SharesElementsWithoutTheGraph()
    {
        var x = ones(2, requires_grad: true);
        var y = (x * 2).detach();
        Assert.False(y.requires_grad);
        var z = x.detach();
        z.fill_(5);
        Expect.Equal(new[] { 5f, 5 }, x);
        Assert.Null(z.grad);
    }

    [Fact]
    public void DetachInPlace_CutsTheGraphAndReturnsItself()
    {
        var y = ones(2, requires_grad: true) * 2;
        Assert.Same(y, y.detach_());
        Assert.False(y.requires_grad);
        Assert.True(y.is_leaf);
    }

    [Fact]
    public void Clone_KeepsTheGraph()
    {
        var x = ones(2, requires_grad: true);
        x.clone().sum().backward();
        Expect.Equal(new[] { 1f, 1 }, x.grad!);
    }

    [Fact]
    public void Grad_IsAnotherWrapperEachTime_OfTheSameElements()
    {
        var x = ones(2, requires_grad: true);
        x.sum().backward();
        Assert.NotSame(x.grad, x.grad);
        x.grad!.fill_(7);
        Expect.Equal(new[] { 7f, 7 }, x.grad!);
    }

    [Fact]
    public void Grad_CanBeSetAndCleared()
    {
        var x = ones(2, requires_grad: true);
        x.grad = tensor(new[] { 1f, 2 });
        Expect.Equal(new[] { 1f, 2 }, x.grad!);
        x.sum().backward();
        Expect.Equal(new[] { 2f, 3 }, x.grad!);
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void Grad_OfAComputedTensor_IsKeptOnlyWhenRetained()
    {
        var y = ones(2, requires_grad: true) * 2;
        y.retain_grad();
        (y * 3).sum().backward();
        Expect.Equal(new[] { 3f, 3 }, y.grad!);
    }
}
