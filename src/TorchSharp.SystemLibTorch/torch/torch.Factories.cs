using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    private static readonly Operator Zeros = new("zeros");
    private static readonly Operator Ones = new("ones");
    private static readonly Operator Empty = new("empty", "memory_format");
    private static readonly Operator Full = new("full");
    private static readonly Operator Rand = new("rand", "generator");
    private static readonly Operator Randn = new("randn", "generator");
    private static readonly Operator RandintLow = new("randint", "low_generator");
    private static readonly Operator Randperm = new("randperm", "generator");
    private static readonly Operator ZerosLike = new("zeros_like");
    private static readonly Operator OnesLike = new("ones_like");
    private static readonly Operator EmptyLike = new("empty_like");
    private static readonly Operator FullLike = new("full_like");
    private static readonly Operator RandLike = new("rand_like");
    private static readonly Operator RandnLike = new("randn_like");
    private static readonly Operator ArangeStep = new("arange", "start_step");
    private static readonly Operator Linspace = new("linspace");
    private static readonly Operator Eye = new("eye", "m");

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        MakeLike(ZerosLike, input, dtype, device, requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        MakeLike(OnesLike, input, dtype, device, requires_grad);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        MakeLike(EmptyLike, input, dtype, device, requires_grad);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        MakeLike(RandLike, input, dtype, device, requires_grad);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        MakeLike(RandnLike, input, dtype, device, requires_grad);

    public static Tensor full_like(
        Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FullLike.Call(input, value, Argument.Optional(dtype), Argument.None, Argument.Optional(device)).requires_grad_(requires_grad);

    public static Tensor randint(
        long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        RandintLow.Call(low, high, size, Argument.Optional(generator), dtype ?? ScalarType.Int64, Argument.None, Place(device))
            .requires_grad_(requires_grad);

    public static Tensor randint(
        long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator);

    public static Tensor randint(
        int low, int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randint(low, high, Array.ConvertAll(size, n => (long)n), dtype, device, requires_grad, generator);

    public static Tensor randint(
        int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator);

    public static Tensor randperm(
        long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Randperm.Call(n, Argument.Optional(generator), dtype ?? ScalarType.Int64, Argument.None, Place(device)).requires_grad_(requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ArangeStep.Call(start, stop, step, dtype ?? WidestType(start, stop, step), Argument.None, Place(device)).requires_grad_(requires_grad);

    public static Tensor linspace(
        double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Linspace.Call(start, end, steps, dtype ?? get_default_dtype(), Argument.None, Place(device)).requires_grad_(requires_grad);

    public static Tensor eye(
        long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Eye.Call(rows, columns < 0 ? rows : columns, dtype ?? get_default_dtype(), Argument.None, Place(device)).requires_grad_(requires_grad);

    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static Tensor from_array(
        Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, TypeOf(rawArray.GetType().GetElementType()!), dtype, device, requires_grad);

    private static Argument Place(Device? device) => InitializeDevice(device);

    private static Tensor Make(Operator factory, ReadOnlySpan<long> size, ScalarType? dtype, Device? device, bool requires_grad) =>
        factory.Call(size, dtype ?? get_default_dtype(), Argument.None, Place(device)).requires_grad_(requires_grad);

    private static Tensor MakeFull(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype, Device? device, bool requires_grad) =>
        Full.Call(size, value, dtype ?? WidestType(value), Argument.None, Place(device)).requires_grad_(requires_grad);

    private static Tensor MakeRandom(
        Operator factory, ReadOnlySpan<long> size, ScalarType? dtype, Device? device, bool requires_grad, Generator? generator)
    {
        var type = dtype ?? get_default_dtype();
        if (is_integral(type)) throw new ArgumentException($"random numbers of {type} must come from randint; rand and randn give fractions.", nameof(dtype));
        return factory.Call(size, Argument.Optional(generator), type, Argument.None, Place(device)).requires_grad_(requires_grad);
    }

    private static Tensor MakeLike(Operator factory, Tensor input, ScalarType? dtype, Device? device, bool requires_grad) =>
        factory.Call(input, Argument.Optional(dtype), Argument.None, Argument.Optional(device)).requires_grad_(requires_grad);

    private static ScalarType WidestType(params ReadOnlySpan<Scalar> values)
    {
        foreach (var value in values)
        {
            if (!is_integral(value.Type)) return get_default_dtype();
        }

        return ScalarType.Int64;
    }

    private static Tensor Single<T>(T value, ScalarType dtype, Device? device, bool requires_grad)
        where T : unmanaged => FromSpan<T>([value], [], TypeOf(typeof(T)), dtype, device, requires_grad);

    private static Tensor FromList<T>(
        IList<T> values, ReadOnlySpan<long> dimensions, ScalarType element, ScalarType? dtype, Device? device, bool requires_grad)
        where T : unmanaged =>
        FromSpan<T>(values as T[] ?? values.ToArray(), dimensions, element, dtype, device, requires_grad);

    private static Tensor FromArray(Array values, ScalarType element, ScalarType? dtype, Device? device, bool requires_grad)
    {
        var dimensions = new long[values.Rank];
        for (var i = 0; i < dimensions.Length; i++) dimensions[i] = values.GetLongLength(i);
        var host = Empty.Call(dimensions, element, Argument.None, CPU);
        var source = MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(values), host.bytes.Length);
        source.CopyTo(host.bytes);
        return Settle(host, dtype, device, requires_grad);
    }

    private static Tensor FromSpan<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<long> dimensions, ScalarType element, ScalarType? dtype, Device? device, bool requires_grad)
        where T : unmanaged
    {
        long count = 1;
        foreach (var dimension in dimensions) count *= dimension;
        if (count != values.Length) throw new ArgumentException($"mismatched total size creating a tensor from an array: {count} vs. {values.Length}");
        var host = Empty.Call(dimensions, element, Argument.None, CPU);
        MemoryMarshal.AsBytes(values).CopyTo(host.bytes);
        return Settle(host, dtype, device, requires_grad);
    }

    // The one copy of the data is host; it becomes the result unless another type or device is asked for.
    private static Tensor Settle(Tensor host, ScalarType? dtype, Device? device, bool requires_grad)
    {
        var target = InitializeDevice(device);
        if (host.WillCopy(dtype ?? host.dtype, target)) host = host.to(dtype ?? host.dtype, target, disposeAfter: true);
        return host.requires_grad_(requires_grad);
    }

    private static ScalarType TypeOf(Type element) => Type.GetTypeCode(element) switch
    {
        TypeCode.Boolean => ScalarType.Bool,
        TypeCode.Byte => ScalarType.Byte,
        TypeCode.SByte => ScalarType.Int8,
        TypeCode.Int16 => ScalarType.Int16,
        TypeCode.Int32 => ScalarType.Int32,
        TypeCode.Int64 => ScalarType.Int64,
        TypeCode.Single => ScalarType.Float32,
        TypeCode.Double => ScalarType.Float64,
        _ when element == typeof(Half) => ScalarType.Float16,
        _ => throw new NotSupportedException($"tensors of {element.Name} are not supported"),
    };
}
