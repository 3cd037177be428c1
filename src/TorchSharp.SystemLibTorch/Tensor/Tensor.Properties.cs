using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public ScalarType dtype => (ScalarType)Describe().DType;

        public Device device
        {
            get
            {
                var info = Describe();
                var type = (DeviceType)info.DeviceType;
                return type == DeviceType.CPU ? new Device(type) : new Device(type, info.DeviceIndex);
            }
        }

        public DeviceType device_type => (DeviceType)Describe().DeviceType;

        public int device_index => Describe().DeviceIndex;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_leaf => Describe().IsLeaf != 0;

        public bool is_contiguous() => Describe().IsContiguous != 0;

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public long Dimensions => Describe().Dimensions;

        public long ndim => Dimensions;

        public long dim() => Dimensions;

        public long NumberOfElements => Describe().Elements;

        public long numel() => NumberOfElements;

        public long ElementSize => Describe().ElementSize;

        public long element_size() => ElementSize;

        public long[] shape => size();

        public long[] size()
        {
            var info = Describe();
            var sizes = new ReadOnlySpan<long>(info.Sizes, info.Dimensions).ToArray();
            GC.KeepAlive(this);
            return sizes;
        }

        public long size(int dim)
        {
            var info = Describe();
            var size = info.Sizes[Wrap(dim, info.Dimensions)];
            GC.KeepAlive(this);
            return size;
        }

        public long[] stride()
        {
            var info = Describe();
            var strides = new ReadOnlySpan<long>(info.Strides, info.Strides is null ? 0 : info.Dimensions).ToArray();
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim)
        {
            var info = Describe();
            var stride = info.Strides[Wrap(dim, info.Dimensions)];
            GC.KeepAlive(this);
            return stride;
        }

        public long storage_offset() => Describe().StorageOffset;

        /// <summary>The pointers are the tensor's: a caller that follows them keeps it alive meanwhile.</summary>
        internal TensorInfo Describe()
        {
            TensorInfo info;
            NativeError.Check(NativeMethods.nst_tensor_describe(Handle, &info));
            GC.KeepAlive(this);
            return info;
        }

        private static int Wrap(int dim, int dimensions)
        {
            if (dim >= -dimensions && dim < dimensions) return dim < 0 ? dim + dimensions : dim;
            throw new System.Runtime.InteropServices.ExternalException(
                $"Dimension out of range (expected to be in range of [{-dimensions}, {dimensions - 1}], but got {dim})");
        }
    }
}
