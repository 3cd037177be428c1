using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>Everything about a tensor but its elements, in one native call. The pointers live as long as the tensor.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TensorInfo
{
    internal long* Sizes;
    internal long* Strides;
    internal void* Data;
    internal long Elements;
    internal long StorageOffset;
    internal int Dimensions;
    internal int DeviceIndex;
    internal sbyte DType;
    internal sbyte DeviceType;
    internal byte RequiresGrad;
    internal byte IsLeaf;
    internal byte IsContiguous;
    internal byte ElementSize;
}
