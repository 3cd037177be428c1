using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>A device by the name a user gives.</summary>
public static class DeviceChoice
{
    /// <summary>The first CUDA device, or the processor where there is none.</summary>
    public const string Auto = "auto";

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

/// <summary>Brings batches to the device of the model, so that data too large for it can stay on the host.</summary>
internal static class Devices
{
    /// <summary>The device of the model's first parameter, where its inputs belong; null for a model without parameters, which takes inputs as they come.</summary>
    public static Device? Of(nn.Module model) => model.parameters().FirstOrDefault()?.device;

    /// <summary><paramref name="tensor"/> itself where it lies there already, else a copy.</summary>
    public static Tensor On(this Tensor tensor, Device? device) =>
        device is null || (tensor.device_type == device.type && tensor.device_index == device.index) ? tensor : tensor.to(device);
}

/// <summary>Torch's global generators.</summary>
public static class Seeding
{
    /// <summary>Seeds the generators of the CPU and of every CUDA device; call it before building a model, as initialisation draws too.</summary>
    /// <param name="seed">The seed.</param>
    public static void Seed(long seed)
    {
        torch.manual_seed(seed);
        if (torch.cuda.is_available())
        {
            torch.cuda.manual_seed_all(seed);
        }
    }
}
