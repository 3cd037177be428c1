using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>Turns the shim's last error into the exception TorchSharp throws.</summary>
internal static unsafe class NativeError
{
    /// <summary>The first line of libtorch's message.</summary>
    internal static string Message => Marshal.PtrToStringUTF8((nint)NativeMethods.nst_last_error()) ?? "";

    [DoesNotReturn]
    internal static void Throw() => throw new ExternalException(Message);

    internal static void Check(int status)
    {
        if (status < 0) Throw();
    }
}
