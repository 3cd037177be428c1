using System.Reflection;
using System.Runtime.InteropServices;
using NsDropoutTorch.Training.Data;
using TorchSharp;

namespace NsDropoutTorch.Experiments;

/// <summary>Where and on what a comparison ran: <c>environment</c> in <c>results.json</c>.</summary>
/// <param name="Project">Version of this project.</param>
/// <param name="TorchSharp">Name and version of the assembly that provides TorchSharp's API.</param>
/// <param name="Libtorch">Version of libtorch beneath it.</param>
/// <param name="Dotnet">The .NET runtime.</param>
/// <param name="Os">The operating system.</param>
/// <param name="Architecture">Of the process, for instance <c>x64</c>.</param>
/// <param name="Processor">Model of the processor where the system tells it; else null.</param>
/// <param name="Cores">Logical cores.</param>
/// <param name="Threads">Threads libtorch computes with.</param>
/// <param name="Device">The device, for instance <c>cpu</c>.</param>
/// <param name="Started">When the comparison began.</param>
/// <param name="Data">The data set.</param>
public sealed record RunEnvironment(
    string Project,
    string TorchSharp,
    string Libtorch,
    string Dotnet,
    string Os,
    string Architecture,
    string? Processor,
    int Cores,
    int Threads,
    string Device,
    DateTimeOffset Started,
    DataSource Data)
{
    /// <summary>This machine and process, now.</summary>
    /// <param name="dataset">The data set used.</param>
    /// <param name="device">The device used.</param>
    /// <param name="started">When the comparison began.</param>
    public static RunEnvironment Describe(Dataset dataset, torch.Device device, DateTimeOffset started)
    {
        var api = typeof(torch).Assembly;
        return new(
            VersionOf(typeof(RunEnvironment).Assembly),
            $"{api.GetName().Name} {VersionOf(api)}",
            torch.__version__,
            RuntimeInformation.FrameworkDescription,
            RuntimeInformation.OSDescription,
            RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
            ProcessorName.Find(),
            System.Environment.ProcessorCount,
            torch.get_num_threads(),
            device.ToString(),
            started,
            DataSource.Of(dataset));
    }

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
