using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using NsDropoutTorch.Data;
using TorchSharp;

namespace NsDropoutTorch.Experiments.Runs;

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
    /// <summary>Version of this project.</summary>
    internal static string ProjectVersion { get; } = VersionOf(typeof(RunEnvironment).Assembly);

    /// <summary>Name and version of the assembly that provides TorchSharp's API; libtorch is not loaded for it.</summary>
    internal static string TorchSharpVersion { get; } = $"{typeof(torch).Assembly.GetName().Name} {VersionOf(typeof(torch).Assembly)}";

    /// <summary>This machine and process, now.</summary>
    /// <param name="dataset">The data set used.</param>
    /// <param name="device">The device used.</param>
    /// <param name="started">When the comparison began.</param>
    public static RunEnvironment Describe(Dataset dataset, torch.Device device, DateTimeOffset started)
    {
        return new(
            ProjectVersion,
            TorchSharpVersion,
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

/// <summary>The data a comparison ran on, so that a result can be repeated.</summary>
/// <param name="Source">Author, title and licence, or how it was generated.</param>
/// <param name="TrainCount">Samples of the training set, before it is split.</param>
/// <param name="TestCount">Samples of the test set.</param>
/// <param name="Files">The files read, with checksums; empty where the data is generated.</param>
public sealed record DataSource(string Source, int TrainCount, int TestCount, IReadOnlyList<DataFile> Files)
{
    private const int MostShown = 12;

    /// <summary>The column of a table taken for the class, <c>column 5 (species)</c>; null where the data is no table.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LabelColumn { get; init; }

    /// <summary>Names of the classes in order of the labels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>What <paramref name="dataset"/> was made of.</summary>
    internal static DataSource Of(Dataset dataset) =>
        new(dataset.Source, dataset.Train.Count, dataset.Test.Count, dataset.Files) { LabelColumn = dataset.LabelColumn, Classes = dataset.ClassNames };

    /// <summary>What was taken for the class: the column and its classes, or their number where the data is no table; null where a document does not tell.</summary>
    internal string? LabelText => Classes is null ? null
        : LabelColumn is null ? $"{Classes.Count} classes"
        : $"class in {LabelColumn}: {string.Join(", ", Classes.Take(MostShown))}{(Classes.Count > MostShown ? $", … ({Classes.Count} classes)" : "")}";
}

/// <summary>The processor's model, as the operating system gives it.</summary>
internal static class ProcessorName
{
    private const string LinuxFile = "/proc/cpuinfo";

    /// <summary>The name; null where the system does not tell.</summary>
    public static string? Find() =>
        System.Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? (File.Exists(LinuxFile) ? Parse(File.ReadLines(LinuxFile)) : null);

    /// <summary>The value of the first <c>model name</c> line.</summary>
    public static string? Parse(IEnumerable<string> cpuinfo) =>
        cpuinfo.FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();
}
