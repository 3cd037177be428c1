using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Modules;

public sealed class BufferTests : ContractTest
{
    [Fact]
    public void PersistentBuffer_IsListedAndInTheState()
    {
        using var shift = new Shift(2);
        Assert.Equal(["by"], shift.named_buffers().Select(buffer => buffer.name));
        Assert.Equal(["by"], shift.state_dict().Keys);
    }

    [Fact]
    public void NonPersistentBuffer_IsFoundByNameAlone()
    {
        using var shift = new Shift(2, persistent: false);
        Assert.Empty(shift.named_buffers());
        Assert.Empty(shift.buffers(include_nonpersistent: true));
        Assert.Empty(shift.state_dict());
        Expect.Scalar(2f, shift.By);
    }

    [Fact]
    public void NonPersistentBuffer_IsNeitherMovedNorDisposed()
    {
        var shift = new Shift(2, persistent: false);
        shift.to(ScalarType.Float64);
        var by = shift.By;
        Assert.Equal(ScalarType.Float32, by.dtype);
        shift.Dispose();
        Assert.False(by.IsInvalid);
    }

    [Fact]
    public void BufferMadeInAScope_EndsWithIt_UnlessDetached()
    {
        Shift lost, kept;
        using (NewDisposeScope())
        {
            lost = new Shift(1);
            kept = new Shift(2);
            kept.By.DetachFromDisposeScope();
        }

        Assert.True(lost.By.IsInvalid);
        Expect.Scalar(3f, kept.call(tensor(1f)));
        Assert.Empty(lost.named_buffers());
        kept.Dispose();
    }

    [Fact]
    public void ReplacedBuffer_IsTheNewOne_AndTheOldStaysUndisposed()
    {
        using var shift = new Shift(1);
        var old = shift.By;
        shift.Replace(tensor(5f));
        Expect.Scalar(6f, shift.call(tensor(1f)));
        Expect.Scalar(1f, old);
        Expect.Scalar(5f, shift.state_dict()["by"]);
    }

    [Fact]
    public void BufferReplacedByNull_IsGone()
    {
        using var shift = new Shift(1);
        shift.Replace(null!);
        Assert.Empty(shift.named_buffers());
        Assert.Null(shift.get_buffer("by"));
    }

    [Fact]
    public void Field_ReplacedAlone_LeavesTheRegistry()
    {
        using var holder = new Holder();
        var registered = holder.state;
        holder.state = ones(1);
        Assert.Same(registered, holder.get_buffer("state"));
        holder.to(ScalarType.Float64);
        Assert.Same(holder.state, holder.get_buffer("state"));
        Expect.Equal(new[] { 0.0 }, holder.state);
    }

    private sealed class Holder : nn.Module<Tensor, Tensor>
    {
        internal Tensor state = zeros(1);

        internal Holder()
            : base(nameof(Holder)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input + state;
    }
}
