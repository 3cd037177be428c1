using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Native;

/// <summary>The C interface of native/shim.cpp, to the letter.</summary>
internal static unsafe partial class NativeMethods
{
    internal const string Library = "torch_shim";

    [LibraryImport(Library)] internal static partial nint nst_operator_find(byte* name, byte* overload);

    [LibraryImport(Library)] internal static partial int nst_operator_call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity);

    [LibraryImport(Library)] internal static partial void nst_list_release(nint handles);

    [LibraryImport(Library)] internal static partial void nst_tensor_release(nint handle);

    [LibraryImport(Library)]
    internal static partial nint nst_tensor_over(void* data, long elements, int dtype, delegate* unmanaged<nint, void> release, nint context);

    [LibraryImport(Library)] internal static partial int nst_tensor_describe(nint handle, TensorInfo* info);

    [LibraryImport(Library)] internal static partial int nst_tensor_set_requires_grad(nint handle, int requiresGrad);

    [LibraryImport(Library)] internal static partial int nst_tensor_grad(nint handle, nint* grad);

    [LibraryImport(Library)] internal static partial int nst_tensor_set_grad(nint handle, nint grad);

    [LibraryImport(Library)]
    internal static partial int nst_backward(
        nint* outputs, long outputCount, nint* gradients, long gradientCount, nint* inputs, long inputCount, int flags, NativeValue* result);

    [LibraryImport(Library)] internal static partial int nst_grad_mode(int enabled);

    [LibraryImport(Library)] internal static partial nint nst_inference_mode_enter(int enabled);

    [LibraryImport(Library)] internal static partial void nst_inference_mode_leave(nint guard);

    [LibraryImport(Library)] internal static partial int nst_inference_mode_enabled();

    [LibraryImport(Library)] internal static partial int nst_threads(int count);

    [LibraryImport(Library)] internal static partial nint nst_generator_new(long device, int useDefault);

    [LibraryImport(Library)] internal static partial void nst_generator_release(nint handle);

    [LibraryImport(Library)] internal static partial int nst_generator_seed(nint handle, int set, ulong* seed);

    [LibraryImport(Library)] internal static partial int nst_generator_state(nint handle, nint newState, nint* state);

    [LibraryImport(Library)] internal static partial int nst_cuda_device_count();

    [LibraryImport(Library)] internal static partial int nst_cuda_synchronize(int index);

    [LibraryImport(Library)] internal static partial byte* nst_version();

    [LibraryImport(Library)] internal static partial byte* nst_last_error();
}
