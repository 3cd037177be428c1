using TorchSharp.Native;

namespace TorchSharp;

/// <summary>A number as an argument of an operator. It owns nothing; <see cref="Dispose"/> is there for source compatibility.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(Tag tag, long bits, torch.ScalarType type)
    {
        Tag = tag;
        Bits = bits;
        Type = type;
    }

    public torch.ScalarType Type { get; }

    internal Tag Tag { get; }

    internal long Bits { get; }

    internal double AsDouble => Tag == Tag.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    internal long AsInt64 => Tag == Tag.Double ? (long)AsDouble : Bits;

    public static implicit operator Scalar(byte value) => new(Tag.Int, value, torch.ScalarType.Byte);

    public static implicit operator Scalar(sbyte value) => new(Tag.Int, value, torch.ScalarType.Int8);

    public static implicit operator Scalar(short value) => new(Tag.Int, value, torch.ScalarType.Int16);

    public static implicit operator Scalar(int value) => new(Tag.Int, value, torch.ScalarType.Int32);

    public static implicit operator Scalar(long value) => new(Tag.Int, value, torch.ScalarType.Int64);

    public static implicit operator Scalar(Half value) => FromReal((double)value, torch.ScalarType.Float16);

    public static implicit operator Scalar(float value) => FromReal(value, torch.ScalarType.Float32);

    public static implicit operator Scalar(double value) => FromReal(value, torch.ScalarType.Float64);

    public static implicit operator Scalar(bool value) => new(Tag.Bool, value ? 1 : 0, torch.ScalarType.Bool);

    public void Dispose()
    {
    }

    internal static Scalar FromNumber(NativeValue number, torch.ScalarType type) => new(number.Tag, number.Bits, type);

    private static Scalar FromReal(double value, torch.ScalarType type) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value), type);
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;

    public static Scalar ToScalar(this sbyte value) => value;

    public static Scalar ToScalar(this short value) => value;

    public static Scalar ToScalar(this int value) => value;

    public static Scalar ToScalar(this long value) => value;

    public static Scalar ToScalar(this Half value) => value;

    public static Scalar ToScalar(this float value) => value;

    public static Scalar ToScalar(this double value) => value;

    public static Scalar ToScalar(this bool value) => value;

    public static bool ToBoolean(this Scalar value) => value.Bits != 0;

    public static double ToDouble(this Scalar value) => value.AsDouble;

    public static float ToSingle(this Scalar value) => (float)value.AsDouble;

    public static long ToInt64(this Scalar value) => value.AsInt64;

    public static int ToInt32(this Scalar value) => (int)value.AsInt64;
}
