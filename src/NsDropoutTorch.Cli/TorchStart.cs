using NsDropoutTorch.Training;
using TorchSharp;

namespace NsDropoutTorch.Cli;

/// <summary>Wakes libtorch up, and says in one sentence when it is not there.</summary>
internal static class TorchStart
{
    /// <summary>Sets the number of threads and finds the device.</summary>
    /// <exception cref="FailureException">The native library cannot be loaded.</exception>
    public static torch.Device Start(string device, int threads)
    {
        try
        {
            torch.set_num_threads(threads);
        }
        catch (Exception e) when (IsMissingLibrary(e))
        {
            throw new FailureException(
                "libtorch must be on this machine to train, but it could not be loaded "
                + $"({FirstLine(Innermost(e))}); install it (Debian: apt-get install libtorch-dev) or name its folder in LIBTORCH_HOME.", e);
        }

        return DeviceChoice.Resolve(device);
    }

    private static bool IsMissingLibrary(Exception e) =>
        e is TypeInitializationException or DllNotFoundException or NotSupportedException or BadImageFormatException or EntryPointNotFoundException;

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].Trim().TrimEnd('.');
}
