using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>How the shim, and with it libtorch, comes into the process.</summary>
internal static partial class Loading
{
    private static readonly Lazy<nint> Shim = new(Load);

    // The runtime asks for the library at the first call of each of its functions, hence the Lazy.
    [ModuleInitializer]
    internal static void Initialize() =>
        NativeLibrary.SetDllImportResolver(typeof(Loading).Assembly, (name, _, _) => name == NativeMethods.Library ? Shim.Value : 0);

    private static nint Load()
    {
        TuneProcess();
        try
        {
            var library = NativeLibrary.Load(Path.Combine(Path.GetDirectoryName(typeof(Loading).Assembly.Location) ?? "", "libtorch_shim.so"));
            UseAllCores(library);
            return library;
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                "libtorch must be on this machine for the system provider of TorchSharp, but it could not be loaded "
                + $"({e.Message.Split('\n')[0].Trim()}); install libtorch-dev and libopenblas0-pthread, or build with LIBTORCH_HOME set to a libtorch folder.",
                e);
        }
    }

    /// <summary>Defaults of native libraries that suit no .NET program that computes; a choice the user has made stays.</summary>
    private static void TuneProcess()
    {
        try
        {
            WaitPassively();
            LeaveSignalsAlone();
            KeepFreedMemory();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library than glibc: it is only slower there.
        }
    }

    // libtorch's threads (libgomp) and OpenBLAS's are two pools on the same cores. While one works the other spins, which halves the
    // speed of a training step, unless waiting threads sleep. libgomp reads this once, when it is loaded, from the C environment,
    // which .NET's own does not write to.
    private static void WaitPassively() => SetDefault("OMP_WAIT_POLICY\0"u8, "PASSIVE\0"u8);

    // Debian 13's libtorch comes with UCX, which takes over SIGSEGV when it is loaded. .NET needs that signal itself: without it a
    // null reference ends the process instead of being an exception.
    private static void LeaveSignalsAlone() => SetDefault("UCX_ERROR_SIGNALS\0"u8, "\0"u8);

    // A training step frees and asks for the same megabytes again and again. By default glibc gives them back to the system in
    // between, and the next step pays a page fault for every 4 KB: up to twenty times the cost of the arithmetic.
    private static void KeepFreedMemory()
    {
        const int trimThreshold = -1, mmapThreshold = -3;
        if (Environment.GetEnvironmentVariable("MALLOC_TRIM_THRESHOLD_") is null) _ = mallopt(trimThreshold, 1 << 30);
        if (Environment.GetEnvironmentVariable("MALLOC_MMAP_THRESHOLD_") is null) _ = mallopt(mmapThreshold, 32 << 20);
    }

    // Debian's libtorch starts with one thread; any other number is a choice, of its build or of OMP_NUM_THREADS.
    private static unsafe void UseAllCores(nint library)
    {
        var threads = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(library, nameof(NativeMethods.nst_threads));
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null && threads(0) == 1) _ = threads(Environment.ProcessorCount);
    }

    private static unsafe void SetDefault(ReadOnlySpan<byte> variable, ReadOnlySpan<byte> text)
    {
        fixed (byte* name = variable, value = text) _ = setenv(name, value, 0);
    }

    [LibraryImport("libc.so.6")]
    private static unsafe partial int setenv(byte* name, byte* value, int overwrite);

    [LibraryImport("libc.so.6")]
    private static partial int mallopt(int parameter, int value);
}
