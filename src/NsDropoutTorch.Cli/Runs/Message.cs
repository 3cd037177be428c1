using System.Text.Json;
using NsDropoutTorch.Experiments;

namespace NsDropoutTorch.Cli.Runs;

/// <summary>What parent and worker say to each other: one JSON document a line.</summary>
internal static class Message
{
    public static void Write<T>(TextWriter writer, T message)
    {
        writer.WriteLine(JsonSerializer.Serialize(message, ResultsJson.Compact));
        writer.Flush();
    }

    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, ResultsJson.Compact)!;
}
