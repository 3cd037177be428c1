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

    /// <summary>Whether a tensor is of that type and lies in host memory without gaps.</summary>
    public static bool IsInPlace(this Tensor tensor, ScalarType dtype) => tensor.device_type == DeviceType.CPU && tensor.dtype == dtype && tensor.is_contiguous();

    /// <summary>Cuts [0, length) into as many parts as torch has threads, and works on them at the same time; on this thread alone where there is little to do.</summary>
    /// <param name="length">What is cut.</param>
    /// <param name="elements">Elements that are read in all.</param>
    /// <param name="state">What the work needs; a closure would be allocated at each call.</param>
    /// <param name="work">Gets it, the begin and the end of a part.</param>
    public static void Divide<TState>(int length, long elements, TState state, Action<TState, int, int> work)
    {
        var threads = elements < ParallelFrom ? 1 : get_num_threads();
        if (threads == 1)
            work(state, 0, length);
        else
            DivideBy(threads, length, state, work);
    }

    private static void DivideBy<TState>(int threads, int length, TState state, Action<TState, int, int> work) =>
        Parallel.For(0, threads, i => work(state, (int)((long)length * i / threads), (int)((long)length * (i + 1) / threads)));
}
