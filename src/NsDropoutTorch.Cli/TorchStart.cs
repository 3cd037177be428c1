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
            // What is missing and how to get it depends on where libtorch comes from, so that is the loader's to say.
            throw new FailureException($"libtorch must be loaded before training can start, but it could not be: {FirstLine(Cause(e))}", e);
        }

        return DeviceChoice.Resolve(device);
    }

    private static bool IsMissingLibrary(Exception e) =>
        e is TypeInitializationException or DllNotFoundException or NotSupportedException or BadImageFormatException or EntryPointNotFoundException;

    private static Exception Cause(Exception e) => e is TypeInitializationException { InnerException: { } inner } ? Cause(inner) : e;

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].Trim();
}
