using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    private static ScalarType _defaultDType = ScalarType.Float32;
    private static Device _defaultDevice = new(DeviceType.CPU);

    /// <summary>The version of the libtorch underneath.</summary>
    public static unsafe string __version__ => Marshal.PtrToStringUTF8((nint)NativeMethods.nst_version()) ?? "";

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.OfThread.Current;

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThread.Open();

    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    public static ScalarType get_default_dtype() => _defaultDType;

    public static void set_default_dtype(ScalarType dtype) => _defaultDType = dtype;

    public static Device get_default_device() => _defaultDevice;

    public static void set_default_device(Device device) => _defaultDevice = InitializeDevice(device);

    public static void set_default_device(string device) => set_default_device(new Device(device));

    public static int get_num_threads() => NativeMethods.nst_threads(0);

    public static void set_num_threads(int num)
    {
        if (num <= 0) throw new ExternalException("Expected positive number of threads");
        NativeError.Check(NativeMethods.nst_threads(num));
    }

    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => NativeMethods.nst_grad_mode(-1) != 0;

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => NativeMethods.nst_inference_mode_enabled() != 0;

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    public static bool is_floating_point(Tensor input) => input.is_floating_point();

    public static bool is_integral(ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;

    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    private sealed class GradMode(bool enabled) : IDisposable
    {
        private readonly bool _before = NativeMethods.nst_grad_mode(enabled ? 1 : 0) != 0;

        public void Dispose() => _ = NativeMethods.nst_grad_mode(_before ? 1 : 0);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint _guard = NativeMethods.nst_inference_mode_enter(enabled ? 1 : 0);

        public void Dispose()
        {
            if (_guard != 0) NativeMethods.nst_inference_mode_leave(_guard);
            _guard = 0;
        }
    }
}
