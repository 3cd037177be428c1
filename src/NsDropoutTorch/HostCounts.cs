using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// What counts in host memory say, read in place: it spares the operators of the general case, which are a tenth of a step of the layer.
/// Counts on a device are not read, because that would wait for it.
/// </summary>
internal static class HostCounts
{
    /// <summary>Whether all counts are known, without waiting, to be above 0.</summary>
    /// <param name="counts">Contiguous, Int64.</param>
    public static bool AreAllPositive(params ReadOnlySpan<Tensor> counts)
    {
        foreach (var tensor in counts)
        {
            if (tensor.device_type != DeviceType.CPU || MemoryMarshal.Cast<byte, long>(tensor.bytes).ContainsAnyInRange(long.MinValue, 0)) return false;
        }

        return true;
    }
}
