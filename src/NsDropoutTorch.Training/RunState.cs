using System.IO.Compression;
using System.Text.Json.Nodes;
using NsDropoutTorch.Training.Checkpoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>The state that a run carries from one step to the next; writes it into a checkpoint and reads it back.</summary>
internal sealed class RunState(
    nn.Module model, optim.Optimizer optimizer, RunProgress progress, StatefulParts parts, Dictionary<string, string> settings, TrainerOptions options)
{
    private const string Sums = EpochKey + "/";

    /// <summary>The key of the sums of the current epoch; no callback may have it.</summary>
    public const string EpochKey = "epoch";

    public void RequireSavable() => _ = Optimizer;

    /// <summary>For a run that begins at the beginning.</summary>
    public void Reset() => parts.Reset();

    public void Save(string path, string? keepOldAs = null)
    {
        using var scope = NewDisposeScope();
        CheckpointFile.Write(path, WriteEntries, keepOldAs);
    }

    /// <summary>Puts everything back, or nothing when the checkpoint does not fit the run.</summary>
    /// <exception cref="CheckpointException">The file is damaged or belongs to a run with other settings.</exception>
    /// <exception cref="ArgumentException">It belongs to another model.</exception>
    public void Load(string path, string? refused)
    {
        using var archive = CheckpointFile.Open(path);
        var position = RunPosition.Read(archive, path);
        RunSettings.Check(position.Settings, settings, path, options.ResumeChanges);
        parts.RequireAll(position.Parts, path);
        Checkpoint.LoadLastWeights(archive, model);
        LoadOptimizer(archive);
        progress.Resume(position, new(path, position.History.Count, position.Iteration, refused), options.ResumeStopped);

        using var scope = NewDisposeScope();
        LoadTensors(TensorEntry.Read(archive.GetEntry(Checkpoint.Tensors)!.Open()), position);
    }

    private OptimizerHelper Optimizer => optimizer as OptimizerHelper ?? throw new NotSupportedException(
        $"a checkpoint needs an optimizer that can save its state (a TorchSharp.Modules.OptimizerHelper, such as SGD or Adam), but got {optimizer.GetType().Name}.");

    private void WriteEntries(ZipArchive archive)
    {
        CheckpointFile.AddEntry(archive, Checkpoint.State, Position().Write);
        CheckpointFile.AddEntry(archive, Checkpoint.Weights, writer => model.save(writer));
        CheckpointFile.AddEntry(archive, Checkpoint.Optimizer, Optimizer.save_state_dict);
        CheckpointFile.AddEntry(archive, Checkpoint.Tensors, writer => TensorEntry.Write(writer, Tensors()));
    }

    private RunPosition Position() => new()
    {
        Settings = settings,
        Iteration = progress.Iteration,
        Step = progress.Step,
        Samples = progress.Meter.Samples,
        Seconds = progress.Seconds,
        LearningRate = progress.LearningRate,
        StopReason = progress.FinalStopReason,
        Parts = parts.Save(),
        History = progress.History,
    };

    private Dictionary<string, Tensor> Tensors()
    {
        var tensors = RandomState.Of(model);
        foreach (var (name, tensor) in progress.Meter.Sums)
        {
            tensors.Add(Sums + name, tensor);
        }

        foreach (var (name, tensor) in parts.Tensors())
        {
            tensors.Add(name, tensor);
        }

        return tensors;
    }

    // Outside any dispose scope of this class: some optimizers take the tensors they read as their state.
    private void LoadOptimizer(ZipArchive archive)
    {
        double[] rates = [.. optimizer.ParamGroups.Select(group => group.LearningRate)];
        using var reader = new BinaryReader(archive.GetEntry(Checkpoint.Optimizer)!.Open());
        Optimizer.load_state_dict(reader);
        if (options.ResumeChanges.Contains("Optimizer", StringComparer.Ordinal))
        {
            foreach (var (group, rate) in optimizer.ParamGroups.Zip(rates))
            {
                group.LearningRate = group.InitialLearningRate = rate;
            }
        }
    }

    private void LoadTensors(Dictionary<string, Tensor> tensors, RunPosition position)
    {
        progress.Meter.Load(TensorEntry.Under(Sums, tensors), position.Samples);
        parts.Reset();
        parts.Load(position.Parts, tensors);
        RandomState.PutBack(model, tensors);
    }
}

/// <summary>Those parts of a run that remember something, by the names they give themselves.</summary>
internal sealed class StatefulParts
{
    private readonly Dictionary<string, IStateful> parts = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A name is missing, of the wrong form, or there twice.</exception>
    public StatefulParts(IEnumerable<object?> candidates)
    {
        foreach (var part in candidates.OfType<IStateful>())
        {
            if (string.IsNullOrEmpty(part.Key) || part.Key.Contains('/', StringComparison.Ordinal) || part.Key == RunState.EpochKey)
            {
                throw Require.Broken($"the key of a {part.GetType().Name} must be a name without '/' other than '{RunState.EpochKey}', but got '{part.Key}'.");
            }

            if (part.Key == WeightAverage.CheckpointKey && part is not WeightAverage)
            {
                throw Require.Broken($"the key of a {part.GetType().Name} must not be '{part.Key}', under which the average of the weights is kept; set another.");
            }

            if (!parts.TryAdd(part.Key, part))
            {
                throw Require.Broken($"each callback or schedule with a memory must have a key of its own in a run, but got '{part.Key}' twice; set the Key of one of them.");
            }
        }
    }

    /// <summary>All of them forget everything.</summary>
    public void Reset()
    {
        foreach (var part in parts.Values)
        {
            part.ResetState();
        }
    }

    public Dictionary<string, JsonNode> Save() => parts.ToDictionary(part => part.Key, part => part.Value.SaveState(), StringComparer.Ordinal);

    public IEnumerable<(string Name, Tensor Tensor)> Tensors() =>
        parts.SelectMany(part => part.Value.StateTensors.Select(entry => ($"{part.Key}/{entry.Key}", entry.Value)));

    /// <summary>Throws where a checkpoint holds the memory of a part that is not here.</summary>
    /// <exception cref="CheckpointException">There is such a memory.</exception>
    public void RequireAll(IReadOnlyDictionary<string, JsonNode> states, string path)
    {
        if (states.FirstOrDefault(state => !parts.ContainsKey(state.Key) && state.Value is not JsonObject { Count: 0 }) is { Key: { } missing })
        {
            var here = parts.Count == 0 ? "none with a memory" : $"only {string.Join(", ", parts.Keys)}";
            throw new CheckpointException(
                $"a callback with the key '{missing}' must be there to resume from '{path}', which holds its memory, but got {here}; "
                + "add it, or start a new run from the weights (Checkpoint.LoadWeights).");
        }
    }

    /// <summary>Loads the memory of each part; a part that the checkpoint does not know stays as it is.</summary>
    public void Load(IReadOnlyDictionary<string, JsonNode> states, IReadOnlyDictionary<string, Tensor> tensors)
    {
        foreach (var (name, part) in parts)
        {
            if (states.TryGetValue(name, out var state))
            {
                part.LoadState(state, TensorEntry.Under($"{name}/", tensors));
            }
        }
    }
}
