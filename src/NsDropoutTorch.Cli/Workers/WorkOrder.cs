using System.Text.Json;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Cli.Workers;

/// <summary>What a worker process is told first; the runs follow one by one.</summary>
/// <param name="Settings">What is compared and how.</param>
/// <param name="Dataset">Name or path of the data set.</param>
/// <param name="Data">Folder of data sets; null: the usual places.</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Threads">Threads to compute with.</param>
/// <param name="Models">Folder for trained networks; null: none are kept.</param>
internal sealed record WorkOrder(ComparisonSettings Settings, string Dataset, string? Data, string Device, int Threads, string? Models);

/// <summary>What parent and worker say to each other: one JSON document a line.</summary>
internal static class Message
{
    public static void Write<T>(TextWriter writer, T message)
    {
        writer.WriteLine(JsonSerializer.Serialize(message, RunJson.Compact));
        writer.Flush();
    }

    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, RunJson.Compact)!;
}
