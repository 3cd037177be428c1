using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>What labels must be, and how to repair what they are not.</summary>
internal static class LabelChecks
{
    public static void ClassIndices(Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.ndim != 1 || labels.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"labels must be class indices of shape [N] and dtype Int64, but got {Check.Shape(labels)} of {labels.dtype}: {Repair(labels)}.",
                nameof(labels));
        }
    }

    public static void OnePerRow(Tensor labels, long rows)
    {
        var count = labels.size(0);
        if (count != rows)
            throw new ArgumentException(Invariant($"labels must hold one class index per row of the input, but got {count} labels for {rows} rows."), nameof(labels));
    }

    public static void Range(Tensor labels, long numClasses)
    {
        if (labels.device_type != DeviceType.CPU || labels.size(0) == 0) return;

        // Read in place: a tensor operation and its copy to the host would cost more than the layer's own arithmetic.
        using var packed = labels.is_contiguous() ? null : labels.contiguous();
        var indices = MemoryMarshal.Cast<byte, long>((packed ?? labels).bytes);
        for (var row = 0; row < indices.Length; row++)
        {
            if ((ulong)indices[row] >= (ulong)numClasses)
                throw new ArgumentException(Invariant($"labels must hold class indices in [0, {numClasses}), but got {indices[row]} at row {row}."), nameof(labels));
        }
    }

    private static string Repair(Tensor labels) => labels.ndim switch
    {
        2 when labels.size(1) > 1 => "convert one-hot labels with labels.argmax(1)",
        2 when labels.dtype == ScalarType.Int64 => "remove the second dimension with labels.squeeze(1)",
        2 => "remove the second dimension and convert with labels.squeeze(1).to(torch.int64)",
        1 => "convert them with labels.to(torch.int64)",
        _ => "give one class index per row",
    };
}
