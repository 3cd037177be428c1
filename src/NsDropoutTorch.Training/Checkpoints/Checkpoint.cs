using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Reads checkpoints that a <see cref="ModelCheckpoint"/> wrote. A checkpoint is a zip archive without compression: <c>weights.dat</c> is what TorchSharp's
/// <c>Module.save</c> writes, <c>optimizer.dat</c> what <c>OptimizerHelper.save_state_dict</c> writes, <c>state.json</c> the counters, settings and history,
/// <c>tensors.dat</c> the random state, the sums of the current epoch and what callbacks remember.
/// </summary>
public static class Checkpoint
{
    internal const string State = "state.json";
    internal const string Weights = "weights.dat";
    internal const string Optimizer = "optimizer.dat";
    internal const string Tensors = "tensors.dat";

    /// <summary>Loads the weights and buffers of a checkpoint into a model, and nothing else.</summary>
    /// <param name="path">The checkpoint file.</param>
    /// <param name="module">A model of the same structure, on any device.</param>
    /// <exception cref="CheckpointException">The file is not there, is no checkpoint, or is damaged.</exception>
    /// <exception cref="ArgumentException">A name or a shape differs; the message names it, and nothing has been loaded.</exception>
    public static void LoadWeights(string path, nn.Module module)
    {
        using var archive = CheckpointFile.Open(path);
        _ = ReadPosition(archive, path);
        LoadWeights(archive, module, sameTypes: false);
    }

    /// <summary>The history of the run that wrote a checkpoint, up to its moment.</summary>
    /// <param name="path">The checkpoint file.</param>
    /// <exception cref="CheckpointException">The file is not there, is no checkpoint, or is damaged.</exception>
    public static IReadOnlyList<EpochRecord> ReadHistory(string path)
    {
        using var archive = CheckpointFile.Open(path);
        return ReadPosition(archive, path).History;
    }

    internal static RunPosition ReadPosition(ZipArchive archive, string path)
    {
        using var stream = archive.GetEntry(State)!.Open();
        return RunPosition.Read(stream, path);
    }

    /// <summary>With <paramref name="sameTypes"/>, tensors that would be rounded on the way are refused.</summary>
    internal static void LoadWeights(ZipArchive archive, nn.Module module, bool sameTypes)
    {
        using var scope = NewDisposeScope();
        var source = TensorEntry.Read(archive.GetEntry(Weights)!.Open());
        if (sameTypes)
        {
            CheckTypes(module.state_dict(), source);
        }

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
