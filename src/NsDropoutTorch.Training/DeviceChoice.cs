using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>A device by the name a user gives.</summary>
public static class DeviceChoice
{
    /// <summary>The device called <paramref name="name"/>: <c>auto</c> (the first CUDA device where there is one, else the CPU), <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    /// <param name="name">The name, in lower case.</param>
    /// <exception cref="ArgumentException">The name is none of these.</exception>
    /// <exception cref="NotSupportedException">The CUDA device asked for is not there.</exception>
    public static Device Resolve(string name)
    {
        CheckName(name);
        var count = name == "cpu" ? 0 : CountCudaDevices();
        return name switch
        {
            "cpu" => torch.CPU,
            "auto" => count > 0 ? torch.device("cuda:0") : torch.CPU,
            _ => Cuda(name, IndexOf(name), count),
        };
    }

    /// <summary>Checks the spelling of a device's name without asking the machine.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">It is not <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</exception>
    public static void CheckName(string name)
    {
        if (name is not ("auto" or "cpu") && IndexOf(name) < 0)
        {
            throw Require.Broken($"device must be auto, cpu, cuda or cuda:N, but got '{name}'.");
        }
    }

    private static int IndexOf(string name) =>
        name == "cuda" ? 0
        : name.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index
        : -1;

    private static int CountCudaDevices() => torch.cuda.is_available() ? torch.cuda.device_count() : 0;

    private static Device Cuda(string name, int index, int count) =>
        index < count ? torch.device(Invariant($"cuda:{index}")) : throw new NotSupportedException(
            $"device {name} must be one that libtorch sees, but it sees {Devices(count)}; choose --device cpu, or install a CUDA build of libtorch and a driver.");

    private static string Devices(int count) => count switch { 0 => "no CUDA device", 1 => "1 CUDA device (cuda:0)", _ => Invariant($"{count} CUDA devices") };
}
