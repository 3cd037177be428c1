using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Metrics;
using NsDropoutTorch.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>How to train: immutable, checked when set.</summary>
public sealed record TrainerOptions
{
    /// <summary>About 5 MB of inputs at a time: the default of <see cref="PieceBytes"/>.</summary>
    public const long DefaultPieceBytes = 5_000_000;

    /// <summary>Passes over the fit part, at least 1. Default: 10.</summary>
    public int Epochs { get; init => field = (int)Require.AtLeast(1, value, "epochs"); } = 10;

    /// <summary>Samples per step of data in tensors, at least 1; null: all at once, in the order given ("full batch"). Default: 128. The last batch of an epoch may be smaller, see <see cref="DropLast"/>.</summary>
    public int? BatchSize { get; init => field = value is { } size ? (int)Require.AtLeast(1, size, "batch size") : null; } = 128;

    /// <summary>
    /// Whether an epoch leaves out its last batch where that would be smaller than <see cref="BatchSize"/>; the samples left out are others in every epoch. Data must fill one batch.
    /// Batches of a sequence come as they are. Default: false.
    /// </summary>
    public bool DropLast { get; init; }

    /// <summary>Seed of the order of samples; a new order every epoch, the same for the same seed. Default: 0.</summary>
    public long Seed { get; init; }

    /// <summary>Makes the optimizer for the model's parameters; the trainer disposes it. Default: <see cref="Optimizers.FusedAdam"/>, TorchSharp's Adam in one call a step, with its default rate of 0.001.</summary>
    public Func<IEnumerable<Parameter>, optim.Optimizer> Optimizer { get; init; } = static parameters => optim.FusedAdam(parameters);

    /// <summary>Learning rate over the steps; null leaves the optimizer's own rate alone. Default: null.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>
    /// Makes a scheduler of TorchSharp's <c>optim.lr_scheduler</c> for the optimizer, which is stepped by itself, in place of <see cref="Schedule"/>; one that waits for a measure
    /// (<c>ReduceLROnPlateau</c>) has <see cref="PlateauDecay"/> in its place. A resumed run steps it as often as the interrupted one did. Default: null.
    /// </summary>
    public Func<optim.Optimizer, optim.lr_scheduler.LRScheduler>? Scheduler { get; init; }

    /// <summary>Whether <see cref="Scheduler"/> is stepped after every step and not after every epoch. Default: false.</summary>
    public bool SchedulerPerStep { get; init; }

    /// <summary>What is minimised and what counts as an error. Default: <see cref="Objective.Classification"/>.</summary>
    public Objective Objective { get; init; } = Objective.Classification;

    /// <summary>Penalties on the parameters of single layers, beside the terms that modules bring by themselves (<see cref="IRegularized"/>). Default: none.</summary>
    public IReadOnlyList<LayerPenalty> Penalties { get; init; } = [];

    /// <summary>A bound on the gradients of each step; null (the default): none.</summary>
    public GradientClipping? Clipping { get; init; }

    /// <summary>An average of the weights that takes their place in validation and when the run ends; null (the default): none.</summary>
    public WeightAveraging? Averaging { get; init; }

    /// <summary>
    /// The type in which a step computes outputs and gradients, <see cref="ScalarType.BFloat16"/> or <see cref="ScalarType.Float16"/>, while the optimizer adds its steps to the weights in Float32
    /// ("mixed precision"); those are what is validated, saved and left in the model. Losses of Float16 are scaled, and steps whose gradients overflow are left out.
    /// Null (the default): the type of the model.
    /// </summary>
    public ScalarType? Precision
    {
        get;
        init => field = value is null or ScalarType.BFloat16 or ScalarType.Float16 ? value : throw Require.Broken($"Precision must be BFloat16, Float16 or null, but got {value}.");
    }

    /// <summary>
    /// Pieces that each batch is cut into, at least 1; default: 1. They go through the model one after the other, which takes less memory, and their gradients add up to
    /// those of the whole batch before the optimizer steps. Layers that look at the batch as a whole (batch normalisation, for one) see the pieces.
    /// </summary>
    public int MicroBatches { get; init => field = (int)Require.AtLeast(1, value, "micro-batches"); } = 1;

    /// <summary>
    /// Threads that libtorch computes with on the CPU while the run lasts, at least 1. Null (the default): one where a network's layers have too little to compute to gain by more, else as
    /// many as torch has (<c>torch.set_num_threads</c>). To tell, one sample passes through a model with convolutions or embeddings before the first step, in evaluation mode.
    /// </summary>
    public int? Threads { get; init => field = value is { } threads ? (int)Require.AtLeast(1, threads, "threads") : null; }

    /// <summary>
    /// The folder of a <see cref="ModelCheckpoint"/>: the run goes on from its newest undamaged checkpoint, or begins at the beginning when it holds none yet,
    /// so one program starts and restarts a run. Or one checkpoint file, which must be there. Settings other than <see cref="Epochs"/> must be those of
    /// the interrupted run. Null: begin at the beginning. Default: null.
    /// </summary>
    public string? ResumeFrom { get; init; }

    /// <summary>
    /// Whether a run that a callback had stopped goes on when it is resumed; the callback may stop it again. Otherwise it stays stopped, trains nothing and says so
    /// (<see cref="FitResult.StopReason"/>). Default: false.
    /// </summary>
    public bool ResumeStopped { get; init; }

    /// <summary>
    /// Settings in which a resumed run may differ from the interrupted one, by the names that the refusal gives, for instance <c>[nameof(TrainerOptions.Schedule)]</c>; of
    /// <c>Optimizer</c> the learning rates. The run then goes on from the same state, but to other bits. <see cref="Epochs"/> and <see cref="Objective"/> may always differ.
    /// Default: none.
    /// </summary>
    public IReadOnlyList<string> ResumeChanges { get; init; } = [];

    /// <summary>What is measured in every epoch beside loss and error, on the fit part while training and on the selection part; names must differ. Default: none.</summary>
    public IReadOnlyList<IScalarMetric> Metrics { get; init => field = WithDistinctNames(value); } = [];

    /// <summary>Samples that evaluation feeds to the model at once, at least 1; null (the default): as many as fit into <see cref="PieceBytes"/>.</summary>
    public int? EvaluationBatchSize { get; init => field = value is { } size ? (int)Require.AtLeast(1, size, "evaluation batch size") : null; }

    /// <summary>Bytes of inputs that evaluation feeds to the model at once, at least 1; a single sample is never cut. Default: 5,000,000.</summary>
    public long PieceBytes { get; init => field = Require.AtLeast(1, value, "piece bytes"); } = DefaultPieceBytes;

    private static IReadOnlyList<IScalarMetric> WithDistinctNames(IReadOnlyList<IScalarMetric> metrics) =>
        metrics.GroupBy(metric => metric.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { Key: var twice }
            ? throw Require.Broken($"metrics must have names of their own, but got '{twice}' twice.")
            : metrics;
}
