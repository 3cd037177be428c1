using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Counts what a classifier gets wrong: in one pass where logits and labels lie in host memory, as three operators take longer than the layer that made the logits.</summary>
internal static class HostErrors
{
    /// <summary>How many rows have their largest logit elsewhere than at their label.</summary>
    /// <param name="logits">[N, C].</param>
    /// <param name="labels">Int64 [N].</param>
    /// <returns>A scalar tensor, Int64, on the device of the logits.</returns>
    public static Tensor Count(Tensor logits, Tensor labels)
    {
        if (logits.ndim != 2 || labels.ndim != 1 || logits.size(0) != labels.size(0) || !logits.IsInPlace(ScalarType.Float32) || !labels.IsInPlace(ScalarType.Int64)) return CountByOperators(logits, labels);

        var errors = empty([], ScalarType.Int64, CPU);
        errors.Elements<long>()[0] = Count(logits.Elements<float>(), labels.Elements<long>());
        return errors;
    }

    /// <summary>Likewise, without reading anything on the host.</summary>
    public static Tensor CountByOperators(Tensor logits, Tensor labels) => logits.argmax(1).ne(labels).sum();

    private static long Count(ReadOnlySpan<float> logits, ReadOnlySpan<long> labels)
    {
        var classes = labels.Length == 0 ? 0 : logits.Length / labels.Length;
        var errors = 0L;
        for (var row = 0; row < labels.Length; row++)
            errors += IndexOfLargest(logits.Slice(row * classes, classes)) == labels[row] ? 0 : 1;
        return errors;
    }

    // As argmax: NaN is the largest, and of equal ones it is the first.
    private static int IndexOfLargest(ReadOnlySpan<float> row)
    {
        var largest = 0;
        for (var i = 1; i < row.Length; i++)
        {
            if (row[i] > row[largest] || (float.IsNaN(row[i]) && !float.IsNaN(row[largest])))
                largest = i;
        }

        return largest;
    }
}
