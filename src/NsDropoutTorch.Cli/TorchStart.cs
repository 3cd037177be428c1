using NsDropoutTorch.Training;
using TorchSharp;

namespace NsDropoutTorch.Cli;

/// <summary>Wakes libtorch up, and says in one sentence when it is not there.</summary>
internal static class TorchStart
{
    /// <summary>Sets the number of threads and finds the device.</summary>
    /// <exception cref="FailureException">The native library cannot be loaded, or the device is not there.</exception>
    public static torch.Device Start(string device, int threads)
    {
        if (TorchLibrary.Failure() is { } failure)
        {
            throw new FailureException(
                $"libtorch must be loaded before training can start, but it could not be: {failure}; nsdropout doctor says what to type, which in a clone is scripts/setup.sh "
                + "(see docs/troubleshooting.md).");
        }

        torch.set_num_threads(threads);
        try
        {
            return UsageException.Checked(() => DeviceChoice.Resolve(device));
        }
        catch (NotSupportedException e)
        {
            throw new FailureException(e.Message, e);
        }
    }
}
