using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

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
