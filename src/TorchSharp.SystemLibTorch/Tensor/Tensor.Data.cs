using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        private static readonly Operator LocalScalarDense = new("_local_scalar_dense");

        public Span<byte> bytes
        {
            get
            {
                var info = ReadableBytes();
                return new Span<byte>(info.Data, checked((int)(info.Elements * info.ElementSize)));
            }

            set
            {
                var target = bytes;
                if (target.Length != value.Length) throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(target);
                GC.KeepAlive(this);
            }
        }

        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            RequireElementType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>()
            where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            using var host = device_type == DeviceType.CPU ? null : cpu();
            var source = host ?? this;
            source.RequireElementType(typeof(T));
            var value = Unsafe.ReadUnaligned<T>(source.Describe().Data);
            GC.KeepAlive(source);
            return value;
        }

        public Scalar ToScalar() => Scalar.FromNumber(LocalScalarDense.Number(this), dtype);

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            var info = ReadableBytes();
            for (long done = 0, total = info.Elements * info.ElementSize; done < total;)
            {
                var part = (int)Math.Min(total - done, 1 << 20);
                stream.Write(new ReadOnlySpan<byte>((byte*)info.Data + done, part));
                done += part;
            }

            GC.KeepAlive(this);
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            var info = ReadableBytes();
            for (long done = 0, total = info.Elements * info.ElementSize; done < total;)
            {
                var part = (int)Math.Min(total - done, 1 << 20);
                stream.ReadExactly(new Span<byte>((byte*)info.Data + done, part));
                done += part;
            }

            GC.KeepAlive(this);
        }

        internal void RequireElementType(Type type)
        {
            var required = ElementType(dtype) ?? throw new ArgumentException($"No support for {dtype} in TorchSharp");
            if (type != required) throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }

        private static Type? ElementType(ScalarType dtype) => dtype switch
        {
            ScalarType.Byte => typeof(byte),
            ScalarType.Int8 => typeof(sbyte),
            ScalarType.Int16 => typeof(short),
            ScalarType.Int32 => typeof(int),
            ScalarType.Int64 => typeof(long),
            ScalarType.Bool => typeof(bool),
            ScalarType.Float16 => typeof(Half),
            ScalarType.Float32 => typeof(float),
            ScalarType.Float64 => typeof(double),
            ScalarType.ComplexFloat32 => typeof((float Real, float Imaginary)),
            ScalarType.ComplexFloat64 => typeof(Complex),
            _ => null,
        };

        private TensorInfo ReadableBytes()
        {
            var info = Describe();
            if (info.IsContiguous == 0) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            if (info.DeviceType != (sbyte)DeviceType.CPU)
            {
                throw new InvalidOperationException(
                    "Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            }

            return info;
        }
    }
}
