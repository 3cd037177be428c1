using System.IO.Compression;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>All that a run carries from one step to the next: what a checkpoint holds, and how it gets there and back.</summary>
internal sealed class RunState(
    nn.Module model, optim.Optimizer optimizer, FitContext context, EpochProgress progress, Memories memories, Dictionary<string, string> settings)
{
    private const string Rng = "rng";
    private const string Sums = EpochKey + "/";

    /// <summary>What the sums of the current epoch go by, so nothing else can.</summary>
    public const string EpochKey = "epoch";

    public void RequireSavable() => _ = Optimizer;

    /// <summary>For a run that begins at the beginning.</summary>
    public void Reset() => memories.Reset();

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
        var position = Checkpoint.ReadPosition(archive, path);
        RunSettings.Check(position.Settings, settings, path);
        memories.RequireAll(position.Memories, path);
        Checkpoint.LoadWeights(archive, model, sameTypes: true);
        LoadOptimizer(archive);
        context.Resume(position, new(path, position.History.Count, position.Iteration, refused));
        progress.Resume(position.Step, position.Seconds);

        using var scope = NewDisposeScope();
        RestoreGradients(position.Gradients.ToHashSet(StringComparer.Ordinal));
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
        Iteration = context.Iteration,
        Step = progress.Step,
        Samples = progress.Meter.Samples,
        Seconds = progress.Seconds,
        LearningRate = context.LearningRate,
        StopReason = context.FinalStopReason,
        Gradients = [.. model.named_parameters().Where(entry => entry.parameter.grad is not null).Select(entry => entry.name)],
        Memories = memories.Save(),
        History = context.History,
    };

    private Dictionary<string, Tensor> Tensors()
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal) { [Rng] = get_rng_state() };
        foreach (var (name, tensor) in progress.Meter.Sums)
        {
            tensors.Add(Sums + name, tensor);
        }

        foreach (var (name, tensor) in memories.Tensors())
        {
            tensors.Add(name, tensor);
        }

        return tensors;
    }

    // Outside any dispose scope of this class: some optimizers take the tensors they read as their state.
    private void LoadOptimizer(ZipArchive archive)
    {
        using var reader = new BinaryReader(archive.GetEntry(Checkpoint.Optimizer)!.Open());
        Optimizer.load_state_dict(reader);
    }

    private void LoadTensors(Dictionary<string, Tensor> tensors, RunPosition position)
    {
        progress.Meter.Load(TensorEntry.Under(Sums, tensors), position.Samples);
        memories.Reset();
        memories.Load(position.Memories, tensors);
        set_rng_state(tensors[Rng]);
    }

    // The value is 0 as after zero_grad, with which every step begins.
    private void RestoreGradients(HashSet<string> names)
    {
        foreach (var (name, parameter) in model.named_parameters())
        {
            parameter.grad = names.Contains(name) ? zeros_like(parameter) : null;
        }
    }
}
