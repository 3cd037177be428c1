using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>A class mask for each row of Float32 activations in host memory: in one pass, and with the same bits, what the operators of <see cref="NSDropoutMath.MultiplyByOperators"/> do in three.</summary>
/// <param name="masks">Bool [C, F], contiguous, in host memory.</param>
/// <param name="labels">Int64 [N], contiguous, in host memory, in [0, C).</param>
/// <param name="scale">Factor of all masks.</param>
internal sealed class HostClassMasks(Tensor masks, Tensor labels, double scale) : HostMask
{
    /// <summary>The mask of each row of an input; null where <see cref="Reaches(Tensor, Tensor, Tensor)"/> is false.</summary>
    public static HostClassMasks? For(Tensor input, Tensor masks, Tensor labels, double scale) => Reaches(input, masks, labels) ? new(masks, labels, scale) : null;

    /// <summary>Whether tensors lie where this class can read and write them, and fit each other.</summary>
    /// <exception cref="ArgumentException">A label is no class index.</exception>
    public static bool Reaches(Tensor input, Tensor masks, Tensor labels)
    {
        if (!Reaches(input) || !masks.IsInPlace(ScalarType.Bool) || !labels.IsInPlace(ScalarType.Int64) || masks.numel() > int.MaxValue) return false;
        if (input.ndim != 2 || input.size(1) != masks.size(1) || input.size(0) != labels.size(0)) return false;
        LabelChecks.Range(labels, masks.size(0));
        return true;
    }

    protected override IEnumerable<Tensor> Tensors => [masks, labels];

    protected override HostMask With(IReadOnlyList<Tensor> tensors) => new HostClassMasks(tensors[0], tensors[1], scale);

    protected override void Multiply(Tensor source, Tensor target) =>
        HostMemory.Divide((int)source.size(0), source.numel(), (mask: this, source, target), static (all, first, end) => all.mask.MultiplyRows(all.source, all.target, first, end));

    protected override void Write(Tensor target)
    {
        var width = (int)masks.size(1);
        var ones = ArrayPool<float>.Shared.Rent(width);
        ones.AsSpan(0, width).Fill(1);
        var to = target.Elements<float>();
        var keep = masks.Elements<byte>();
        var classes = labels.Elements<long>();
        for (var row = 0; row < classes.Length; row++)
            MultiplyRow(ones.AsSpan(0, width), to.Slice(row * width, width), keep.Slice((int)classes[row] * width, width), (float)scale);
        ArrayPool<float>.Shared.Return(ones);
    }

    private void MultiplyRows(Tensor source, Tensor target, int first, int end)
    {
        var width = (int)masks.size(1);
        var from = source.Elements<float>();
        var to = target.Elements<float>();
        var keep = masks.Elements<byte>();
        var classes = labels.Elements<long>();
        for (var row = first; row < end; row++)
            MultiplyRow(from.Slice(row * width, width), to.Slice(row * width, width), keep.Slice((int)classes[row] * width, width), (float)scale);
    }

    // Multiplied, where one might choose between the number and 0: 0·NaN is NaN, as in PyTorch's dropout.
    private static void MultiplyRow(ReadOnlySpan<float> source, Span<float> target, ReadOnlySpan<byte> keep, float scale)
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var kept = ref MemoryMarshal.GetReference(keep);
        var factor = Vector256.Create(scale).AsInt32();
        nuint i = 0;
        for (; i + 32 <= (nuint)keep.Length; i += 32)
        {
            // A byte of 0 or 1 becomes 32 bits of 0 or of 1.
            var (low, high) = Vector256.Widen(Vector256<sbyte>.Zero - Vector256.LoadUnsafe(ref kept, i).AsSByte());
            MultiplyVectors(ref from, ref to, i, Vector256.Widen(low), factor);
            MultiplyVectors(ref from, ref to, i + 16, Vector256.Widen(high), factor);
        }

        for (; i < (nuint)keep.Length; i++)
            target[(int)i] = source[(int)i] * (keep[(int)i] == 0 ? 0 : scale);
    }

    private static void MultiplyVectors(ref float from, ref float to, nuint i, (Vector256<int> Lower, Vector256<int> Upper) keep, Vector256<int> factor)
    {
        (Vector256.LoadUnsafe(ref from, i) * (keep.Lower & factor).AsSingle()).StoreUnsafe(ref to, i);
        (Vector256.LoadUnsafe(ref from, i + 8) * (keep.Upper & factor).AsSingle()).StoreUnsafe(ref to, i + 8);
    }
}
