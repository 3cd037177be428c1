using NsDropoutTorch.Training.Display;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>One run of the trainer: the loop over epochs and steps, and the state it carries.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> model;
    private readonly TrainingData data;
    private readonly TrainerOptions options;
    private readonly Callback[] callbacks;
    private readonly CancellationToken cancellation;
    private readonly Device device;
    private readonly IEpochBatches batches;
    private readonly GradientPass gradients;
    private readonly Parameter[] parameters;
    private readonly optim.Optimizer optimizer;
    private readonly optim.ILearningRateController[] rates;
    private readonly FitContext context;
    private readonly EpochProgress progress;
    private readonly bool needsCapture;
    private readonly BatchNormCheck batchNorms;
    private readonly List<FolderLock> folders = [];
    private ModuleModes? modes;
    private double factorOfEpoch = 1;

    public TrainingRun(
        nn.Module<Tensor, Tensor> model, TrainingData data, TrainerOptions options, Callback[] callbacks, CancellationToken cancellation)
    {
        this.model = model;
        this.data = data;
        this.options = options;
        // What is saved is what all others have seen.
        this.callbacks = [.. callbacks.OrderBy(callback => callback is ModelCheckpoint)];
        this.cancellation = cancellation;
        needsCapture = ValidationCapture.IsNeededBy(model);
        TrainingDataCheck.Check(data, needsCapture);
        var memories = new Memories([.. callbacks, options.Schedule]);
        device = Placement.Of(model) ?? torch.CPU;
        batches = data.Fit.Open(options, device);
        batchNorms = new(model);
        gradients = new(model, options.Objective, AddedLoss.Of(model, options.Penalties), batchNorms, options.MicroBatches);
        context = new(model, options, batches.Count);
        parameters = [.. model.parameters()];
        optimizer = options.Optimizer(parameters);
        rates = [.. optimizer.ParamGroups];
        progress = new(device);
        context.State = new(model, optimizer, context, progress, memories, RunSettings.Of(options, data, optimizer));
    }

    private bool IsOver => context.StopReason is not null || cancellation.IsCancellationRequested;

    // An epoch whose steps are all taken is always finished.
    private bool HasEpochLeft => context.Epoch < options.Epochs && (!IsOver || progress.Step == batches.Count);

    public FitResult Run()
    {
        // Before it is looked at: what another run saves in the meantime would be lost.
        foreach (var checkpoint in callbacks.OfType<ModelCheckpoint>())
        {
            folders.Add(checkpoint.Lock());
        }

        Resume();
        modes = ModuleModes.ForTraining(model);
        batchNorms.CheckAhead(data.Fit.Tensors, batches.KnownSizes, options.MicroBatches, device);
        foreach (var callback in callbacks)
        {
            callback.OnFitBegin(context);
        }

        while (HasEpochLeft)
        {
            RunEpoch();
        }

        // The end is saved before others may put other weights into the model, those of the best epoch for instance.
        foreach (var callback in callbacks.OrderByDescending(callback => callback is ModelCheckpoint))
        {
            callback.OnFitEnd(context);
        }

        ProgramEvents.FitEnd(context);
        ThrowIfCancelled();
        return new(context.History, context.StopReason);
    }

    public void Dispose()
    {
        batches.Dispose();
        optimizer.Dispose();
        progress.Dispose();
        folders.ForEach(folder => folder.Dispose());
    }

    private void Resume()
    {
        if (options.ResumeFrom is { } resumeFrom && CheckpointFolder.Find(resumeFrom) is var (path, refused))
        {
            context.State.Load(path, refused);
        }
        else
        {
            context.State.Reset();
        }
    }

    private void ThrowIfCancelled()
    {
        if (cancellation.IsCancellationRequested)
        {
            var how = context.ResumableFrom is { } folder
                ? $"set ResumeFrom to '{folder}' to go on from there."
                : "nothing was saved, as there was no ModelCheckpoint.";
            throw new OperationCanceledException(
                $"training was cancelled after {Words.Count(context.Epoch, "epoch")} and {Words.Count(progress.Step, "step")}; {how}", cancellation);
        }
    }

    private void RunEpoch()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var callback in callbacks)
        {
            callback.OnEpochBegin(context);
        }

        if (TrainEpoch() is not { } train)
        {
            progress.Pause();
            return;
        }

        var selection = Validate();
        var record = new EpochRecord(
            context.Epoch, train.Loss, train.Penalty, train.Error, selection?.Loss, selection?.Error,
            context.LearningRate, progress.Seconds)
        {
            LearnedRates = LearnedRates.Of(model),
        };
        context.Add(record);
        progress.End();
        foreach (var callback in callbacks)
        {
            callback.OnEpochEnd(context, record);
        }
    }

    /// <summary>Takes all steps of one epoch; null when it was ended before the last one.</summary>
    private EpochMeter.Totals? TrainEpoch()
    {
        modes!.PutBack();
        progress.Begin();
        batches.Begin(context.Epoch);
        factorOfEpoch = options.Schedule?.FactorAfter(context.History) ?? 1;
        while (progress.Step < batches.Count)
        {
            if (IsOver)
            {
                return null;
            }

            Step();
        }

        return progress.Meter.Read();
    }

    private void Step()
    {
        using var scope = torch.NewDisposeScope();
        var batch = batches.Take(progress.Step);
        SetLearningRate();
        optimizer.zero_grad();
        context.Loss = gradients.Run(batch, progress.Meter);
        options.Clipping?.Apply(parameters);
        optimizer.step();
        context.Iteration++;
        progress.Step++;
        progress.Pause();
        foreach (var callback in callbacks)
        {
            callback.OnStepEnd(context);
        }

        ProgramEvents.StepEnd(context);
        progress.GoOn();
        context.Loss = null;
    }

    private void SetLearningRate()
    {
        if (options.Schedule is { } schedule)
        {
            var factor = schedule.Factor(context.Iteration, context.Epoch) * factorOfEpoch;
            foreach (var rate in rates)
            {
                rate.LearningRate = rate.InitialLearningRate * factor;
            }
        }

        context.LearningRate = rates[0].LearningRate;
    }

    private Evaluation? Validate()
    {
        var onePass = ReferenceEquals(data.MaskStatistics, data.Selection);
        if (needsCapture && !onePass)
        {
            using var capture = ValidationCapture.Begin(model);
            Pieces.ForEach(model, data.MaskStatistics!, options.PieceBytes, static (_, _) => { });
            capture.Complete();
        }

        if (data.Selection is not { } selection)
        {
            return null;
        }

        using var shared = needsCapture && onePass ? ValidationCapture.Begin(model) : null;
        var evaluation = Trainer.Evaluate(model, selection, options.Objective, options.PieceBytes);
        shared?.Complete();
        return evaluation;
    }
}
