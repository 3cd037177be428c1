using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// A count that decides what the host does next. It is a buffer, so that it travels with the state, and it stays in host memory
/// on whatever device the module is, as Adam's <c>step</c> does in PyTorch: reading it never waits for a device, and it
/// is right after any kind of load.
/// </summary>
internal sealed class HostCounter(Tensor buffer)
{
    public long Value
    {
        get => Cell;
        set => Cell = value;
    }

    private ref long Cell => ref MemoryMarshal.Cast<byte, long>(buffer.bytes)[0];
}
