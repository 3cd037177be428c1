using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>Numbers as operators of TorchSharp take them, that live until the operator has read them.</summary>
/// <remarks>
/// TorchSharp makes a <see cref="Scalar"/> of each number that an operator is given. Nothing refers to it once native code has its address, so a collection at that moment frees it, and the operator reads
/// what lies there then: another number, or none ("Unknown scalar type"). The same holds for members that put in a number of their own: <c>a + b</c> and <c>add</c> (a factor of one), <c>square</c>,
/// <c>ToDouble</c>. So nothing here leaves a scalar to TorchSharp (a test reads the compiled code), which also spares operators the making of it.
/// </remarks>
internal static class Scalars
{
    [ThreadStatic]
    private static Recent? integers;

    [ThreadStatic]
    private static Recent? floats;

    /// <summary>The factor that <c>add</c> takes.</summary>
    public static Scalar One => Of(1);

    /// <summary>An integer. It lives until its thread has asked for 64 others; do not dispose it.</summary>
    public static Scalar Of(long number) => (integers ??= new(static bits => bits.ToScalar())).Of(number);

    /// <summary>A floating-point number. It lives until its thread has asked for 64 others; do not dispose it.</summary>
    public static Scalar Of(double number) => (floats ??= new(static bits => BitConverter.Int64BitsToDouble(bits).ToScalar())).Of(BitConverter.DoubleToInt64Bits(number));

    /// <summary>The number that a tensor of one element holds. On a device it waits for it.</summary>
    public static double Number(this Tensor tensor)
    {
        using var scalar = tensor.ToScalar();
        return scalar.ToDouble();
    }

    /// <summary>Whether a tensor of one element is true. On a device it waits for it.</summary>
    public static bool IsTrue(this Tensor tensor) => tensor.Number() != 0;

    // The last ones asked for, by their bits: those of 0.0 and -0.0 differ.
    private sealed class Recent(Func<long, Scalar> make)
    {
        private readonly long[] bits = new long[64];
        private readonly Scalar[] scalars = new Scalar[64];
        private int made;

        public Scalar Of(long number)
        {
            var found = bits.AsSpan(0, Math.Min(made, bits.Length)).IndexOf(number);
            if (found >= 0) return scalars[found];
            var place = made++ % bits.Length;
            bits[place] = number;
            return scalars[place] = make(number);
        }
    }
}
