using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NsDropoutTorch.Training.Checkpoints;

namespace NsDropoutTorch.Training;

/// <summary>All of a run's state that is no tensor: the entry <c>state.json</c> of a checkpoint.</summary>
internal sealed record RunPosition
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
        NewLine = "\n",
    };

    public int Format { get; init; } = Checkpoint.CurrentFormat;

    /// <summary>What must be the same for a resumed run to give the same bits.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Steps finished over all epochs.</summary>
    public required long Iteration { get; init; }

    /// <summary>Steps finished in the current epoch; with the seed and the number of the epoch, this is the position in the order of samples.</summary>
    public required int Step { get; init; }

    /// <summary>Samples in the sums of the current epoch.</summary>
    public required long Samples { get; init; }

    /// <summary>Wall-clock time of the current epoch so far.</summary>
    public required double Seconds { get; init; }

    public required double LearningRate { get; init; }

    public required string? StopReason { get; init; }

    /// <summary>What callbacks and schedule remember, by their names.</summary>
    public required IReadOnlyDictionary<string, JsonNode> Parts { get; init; }

    public required IReadOnlyList<EpochRecord> History { get; init; }

    public void Write(BinaryWriter writer) => JsonSerializer.Serialize(writer.BaseStream, this, Json);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="CheckpointException">Another version wrote it.</exception>
    public static RunPosition Read(ZipArchive archive, string path)
    {
        using var stream = Checkpoint.OpenState(archive, path);
        var node = JsonNode.Parse(stream)!;
        Checkpoint.CheckFormat(node, path);
        return node.Deserialize<RunPosition>(Json)!;
    }
}
