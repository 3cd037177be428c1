using System.Text;

namespace TorchSharp.Native;

/// <summary>
/// One argument of an operator call: a number, or a reference to a tensor or list that the call pins or copies.
/// Null in a place that may be left out is <see cref="None"/>; an argument not given at all takes the schema's default.
/// </summary>
internal readonly struct Argument
{
    private Argument(Tag tag, long bits, object? reference = null)
    {
        Tag = tag;
        Bits = bits;
        Reference = reference;
    }

    internal Tag Tag { get; }

    internal long Bits { get; }

    internal object? Reference { get; }

    internal static Argument Default => default;

    internal static Argument None => new(Tag.None, 0);

    /// <summary>The number of 8-byte words the call needs to lay the list out; zero for what fits in the value itself.</summary>
    internal int Words => Reference switch
    {
        null or torch.Tensor => 0,
        Array array when Tag != Tag.String => array.Length,
        byte[] text => (text.Length + 7) / 8,
        _ => 0,
    };

    public static implicit operator Argument(torch.Tensor tensor) => new(Tag.Tensor, tensor.Handle, tensor);

    public static implicit operator Argument(long value) => new(Tag.Int, value);

    public static implicit operator Argument(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(bool value) => new(Tag.Bool, value ? 1 : 0);

    public static implicit operator Argument(long[] values) => new(Tag.IntList, 0, values ?? throw new ArgumentNullException(nameof(values)));

    public static implicit operator Argument(ReadOnlySpan<long> values) => new(Tag.IntList, 0, values.ToArray());

    public static implicit operator Argument(double[] values) => new(Tag.DoubleList, 0, values);

    public static implicit operator Argument(torch.ScalarType type) => new(Tag.Int, (long)type);

    public static implicit operator Argument(torch.Device device) => new(Tag.Device, device.Packed);

    public static implicit operator Argument(Scalar scalar) => new(scalar.Tag, scalar.Bits);

    public static implicit operator Argument(string text) => new(Tag.String, 0, Encoding.UTF8.GetBytes(text));

    /// <summary>A tensor by its handle, which the caller keeps alive.</summary>
    internal static Argument Borrowed(nint handle) => new(Tag.Tensor, handle);

    internal static Argument List(IEnumerable<torch.Tensor> tensors) => new(Tag.TensorList, 0, tensors.ToArray());

    internal static Argument OptionalList(torch.Tensor?[] tensors) => new(Tag.OptionalTensorList, 0, tensors);

    internal static Argument Optional(torch.Tensor? tensor) => tensor is null ? None : tensor;

    internal static Argument Optional(Scalar? scalar) => scalar is null ? None : scalar;

    internal static Argument Optional(long? value) => value is null ? None : value.Value;

    internal static Argument Optional(double? value) => value is null ? None : value.Value;

    internal static Argument Optional(long[]? values) => values is null ? None : values;

    internal static Argument Optional(torch.ScalarType? type) => type is null ? None : type.Value;

    internal static Argument Optional(torch.Device? device) => device is null ? None : device;

    internal static Argument Optional(torch.Generator? generator) =>
        generator is null ? None : new(Tag.Generator, generator.Handle, generator);

    internal static Argument Optional(string? text) => text is null ? None : text;
}
