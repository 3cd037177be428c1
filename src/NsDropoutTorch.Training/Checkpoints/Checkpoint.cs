using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Checkpoints;

/// <summary>
/// Reads the checkpoints of runs, and writes and reads models without a run. A checkpoint is a zip archive without compression: <c>weights.dat</c> is what TorchSharp's
/// <c>Module.save</c> writes, <c>optimizer.dat</c> what <c>OptimizerHelper.save_state_dict</c> writes, <c>state.json</c> the counters, settings and history,
/// <c>tensors.dat</c> the random state, the sums of the current epoch and what callbacks remember.
/// A model without a run is <c>weights.dat</c> and <c>model.json</c>, a description by its writer.
/// </summary>
public static class Checkpoint
{
    /// <summary>The version of checkpoints this code writes, and the one it reads.</summary>
    internal const int CurrentFormat = 1;

    internal const string State = "state.json";
    internal const string Weights = "weights.dat";
    internal const string Optimizer = "optimizer.dat";
    internal const string Tensors = "tensors.dat";

    private const string Model = "model.json";

    /// <summary>Writes the weights and buffers of a model, sealed as a checkpoint is: in full or not at all. No run can go on from it.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="module">The model, on any device.</param>
    /// <param name="description">How to build the model again, in words of the caller's own; <see cref="ReadDescription"/> gives it back.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveModel(string path, nn.Module module, string description)
    {
        using var scope = NewDisposeScope();
        CheckpointFile.Write(path, archive =>
        {
            CheckpointFile.AddEntry(archive, Model, writer => writer.Write(Encoding.UTF8.GetBytes(description)));
            CheckpointFile.AddEntry(archive, Weights, writer => module.save(writer));
        });
    }

    /// <summary>The description given to <see cref="SaveModel"/>; null for a checkpoint of a run.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file is not there, is no checkpoint, or is damaged.</exception>
    public static string? ReadDescription(string path)
    {
        using var archive = CheckpointFile.Open(path);
        if (archive.GetEntry(Model) is not { } entry)
        {
            return null;
        }

        using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Loads the weights and buffers of a checkpoint, or of a model without a run, into a model, and nothing else; of a run with <see cref="TrainerOptions.Averaging"/> the averaged weights.</summary>
    /// <param name="path">The checkpoint file.</param>
    /// <param name="module">A model of the same structure, on any device.</param>
    /// <exception cref="CheckpointException">The file is not there, is no checkpoint, or is damaged.</exception>
    /// <exception cref="ArgumentException">A name or a shape differs; the message names it, and nothing has been loaded.</exception>
    public static void LoadWeights(string path, nn.Module module)
    {
        using var archive = CheckpointFile.Open(path);
        if (archive.GetEntry(Model) is null)
        {
            using var state = OpenState(archive, path);
            CheckFormat(JsonNode.Parse(state)!, path);
        }

        using var scope = NewDisposeScope();
        var source = TensorEntry.Read(archive.GetEntry(Weights)!.Open());
        if (archive.GetEntry(Tensors) is { } tensors)
        {
            foreach (var (name, average) in TensorEntry.Under($"{WeightAverage.CheckpointKey}/", TensorEntry.Read(tensors.Open())))
            {
                source[name] = average;
            }
        }

        ModuleState.Load(module, source);
    }

    /// <summary>What a checkpoint of a run says of it that is no tensor.</summary>
    /// <exception cref="CheckpointException">It is no checkpoint of a run.</exception>
    internal static Stream OpenState(ZipArchive archive, string path) => (archive.GetEntry(State) ?? throw new CheckpointException(
        $"a run can only go on from a checkpoint of a run, but '{path}' holds a model alone; load it with Checkpoint.LoadWeights.")).Open();

    /// <exception cref="CheckpointException">Another version wrote it.</exception>
    internal static void CheckFormat(JsonNode state, string path)
    {
        var format = state["format"]!.GetValue<int>();
        if (format != CurrentFormat)
        {
            throw new CheckpointException(
                Invariant($"a checkpoint must have format {CurrentFormat} to be read by this version, but '{path}' has format {format}; use the version of NsDropoutTorch that wrote it."));
        }
    }

    /// <summary>Loads the weights of the last step for a run to go on from; tensors that would be rounded on the way are refused.</summary>
    internal static void LoadLastWeights(ZipArchive archive, nn.Module module)
    {
        using var scope = NewDisposeScope();
        var source = TensorEntry.Read(archive.GetEntry(Weights)!.Open());
        CheckTypes(module.state_dict(), source);
        ModuleState.Load(module, source);
    }

    private static void CheckTypes(Dictionary<string, Tensor> target, Dictionary<string, Tensor> source)
    {
        foreach (var (name, tensor) in target)
        {
            if (source.TryGetValue(name, out var saved) && saved.dtype != tensor.dtype)
            {
                throw Require.Broken($"{name} must be {saved.dtype} as in the checkpoint, but got {tensor.dtype}; build the model in the dtype it was trained in.");
            }
        }
    }
}

/// <summary>A checkpoint that is not there, is damaged, or belongs to another run; the message names the file and the repair.</summary>
public sealed class CheckpointException : UserErrorException
{
    /// <summary>Without a message.</summary>
    public CheckpointException()
    {
    }

    /// <summary>With a sentence for the user.</summary>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence for the user and its cause.</summary>
    public CheckpointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
