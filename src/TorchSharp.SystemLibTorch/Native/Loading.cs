using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>How the shim, and with it libtorch, comes into the process.</summary>
internal static partial class Loading
{
    [ModuleInitializer]
    internal static void Initialize() => NativeLibrary.SetDllImportResolver(typeof(Loading).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != NativeMethods.Library) return 0;
        WaitPassively();
        var path = Path.Combine(AppContext.BaseDirectory, "libtorch_shim.so");
        try
        {
            return NativeLibrary.Load(File.Exists(path) ? path : name, assembly, search);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                "libtorch must be on this machine for the system provider of TorchSharp, but it could not be loaded "
                + $"({e.Message.Split('\n')[0].Trim()}); install libtorch-dev and libopenblas0-pthread, or build with LIBTORCH_HOME set to a libtorch folder.",
                e);
        }
    }

    // libtorch's threads (libgomp) and OpenBLAS's are two pools on the same cores. While one works the other spins, which halves the
    // speed of a training step, unless waiting threads sleep. libgomp reads this once, when it is loaded, from the C environment,
    // which .NET's own does not write to. A choice the user has made stays.
    private static void WaitPassively()
    {
        try
        {
            _ = SetEnvironment("OMP_WAIT_POLICY"u8, "PASSIVE"u8, 0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library than glibc: it is only slower there.
        }
    }

    private static unsafe int SetEnvironment(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int overwrite)
    {
        fixed (byte* n = name, v = value) return setenv(n, v, overwrite);
    }

    [LibraryImport("libc.so.6")]
    private static unsafe partial int setenv(byte* name, byte* value, int overwrite);
}
