using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>Tensors in host memory, where they lie.</summary>
internal static class HostMemory
{
    // Fewer are done before a second thread has woken.
    private const long ParallelFrom = 131_072;

    /// <summary>The elements of a contiguous tensor in host memory; the tensor must live as long as they are used.</summary>
    public static Span<T> Elements<T>(this Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.bytes);

    /// <summary>Cuts [0, length) into as many parts as torch has threads, and works on them at the same time; on this thread alone where there is little to do.</summary>
    /// <param name="length">What is cut.</param>
    /// <param name="elements">Elements that are read in all.</param>
    /// <param name="work">Gets the begin and the end of a part.</param>
    public static void Divide(int length, long elements, Action<int, int> work)
    {
        var threads = elements < ParallelFrom ? 1 : get_num_threads();
        if (threads == 1)
            work(0, length);
        else
            Parallel.For(0, threads, i => work((int)((long)length * i / threads), (int)((long)length * (i + 1) / threads)));
    }
}

/// <summary>
/// Reads counts and masks that lie in host memory in place, which saves two calls of libtorch, a tenth of a step.
/// It does not read tensors on a device, because reading would wait for the device.
/// </summary>
internal static class HostCounts
{
    /// <summary>Whether all counts are known, without waiting, to be above 0.</summary>
    /// <param name="counts">Contiguous, Int64.</param>
    public static bool AreAllPositive(params ReadOnlySpan<Tensor> counts)
    {
        foreach (var tensor in counts)
        {
            if (tensor.device_type != DeviceType.CPU || tensor.Elements<long>().ContainsAnyInRange(long.MinValue, 0)) return false;
        }

        return true;
    }

    /// <summary>How many neurons each mask drops; null where that is not known without waiting to be the same number for all.</summary>
    /// <param name="masks">Contiguous, Bool [C, F].</param>
    public static long? DroppedByEach(Tensor masks)
    {
        if (masks.device_type != DeviceType.CPU || masks.numel() > int.MaxValue) return null;
        var width = (int)masks.size(1);
        var keep = masks.Elements<byte>();
        var dropped = keep[..width].Count((byte)0);
        for (var start = width; start < keep.Length; start += width)
        {
            if (keep.Slice(start, width).Count((byte)0) != dropped) return null;
        }

        return dropped;
    }
}

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

    /// <summary>Adds 1.</summary>
    public void Increment() => Cell++;

    private ref long Cell => ref buffer.Elements<long>()[0];
}
