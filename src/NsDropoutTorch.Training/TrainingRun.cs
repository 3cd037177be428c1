using NsDropoutTorch.Training.Checkpoints;
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
    private readonly GradientStep gradients;
    private readonly Parameter[] parameters;
    private readonly optim.Optimizer optimizer;
    private readonly optim.ILearningRateController[] rates;
    private readonly FitContext context;
    private readonly RunProgress progress;
    private readonly RunState state;
    private readonly bool needsCapture;
    private readonly BatchNormCheck batchNorms;
    private readonly List<IDisposable> claims = [];
    private ModuleModes? modes;
    private double factorOfEpoch = 1;

    public TrainingRun(
        nn.Module<Tensor, Tensor> model, TrainingData data, TrainerOptions options, Callback[] callbacks, CancellationToken cancellation)
    {
        this.model = model;
        this.data = data;
        this.options = options;
        this.callbacks = callbacks;
        this.cancellation = cancellation;
        needsCapture = ValidationCapture.IsNeededBy(model);
        TrainingDataCheck.Check(data, needsCapture);
        device = Devices.Of(model) ?? torch.CPU;
        progress = new(device, options.Objective);
        batches = data.Fit.Open(options, device);
        batchNorms = new(model);
        gradients = new(model, options.Objective, AddedLoss.Of(model, options.Penalties), batchNorms, options.MicroBatches);
        parameters = [.. model.parameters()];
        optimizer = options.Optimizer(parameters);
        rates = [.. optimizer.ParamGroups];
        state = new(model, optimizer, progress, new StatefulParts([.. callbacks, options.Schedule]), RunSettings.Of(options, data, optimizer));
        context = new(model, options, batches.Count, progress, state);
    }

    private bool IsOver => context.StopReason is not null || cancellation.IsCancellationRequested;

    // An epoch whose steps are all taken is always finished.
    private bool HasEpochLeft => context.Epoch < options.Epochs && (!IsOver || progress.Step == batches.Count);

    public FitResult Run()
    {
        foreach (var callback in callbacks)
        {
            if (callback.Claim() is { } claim)
                claims.Add(claim);
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

        OfferToSave(SavePoint.Run);
        foreach (var callback in callbacks)
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
        claims.ForEach(claim => claim.Dispose());
    }

    private void Resume()
    {
        if (options.ResumeFrom is { } resumeFrom && CheckpointFolder.Find(resumeFrom) is var (path, refused))
        {
            state.Load(path, refused, options.ResumeStopped);
        }
        else
        {
            state.Reset();
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
                $"training was cancelled after {Plural.Of(context.Epoch, "epoch")} and {Plural.Of(progress.Step, "step")}; {how}", cancellation);
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
            progress.PauseClock();
            return;
        }

        var selection = Validate();
        var record = new EpochRecord(
            context.Epoch, train.Loss, train.Penalty, train.Error, selection?.Loss, selection is { Error: var error } && options.Objective.CountErrors is not null ? error : null,
            progress.LearningRate, progress.Seconds)
        {
            LearnedRates = LearnedRates.Of(model),
        };
        progress.EndEpoch(record);
        foreach (var callback in callbacks)
        {
            callback.OnEpochEnd(context, record);
        }

        OfferToSave(SavePoint.Epoch);
    }

    /// <summary>Takes all steps of one epoch; null when it was ended before the last one.</summary>
    private EpochMeter.Totals? TrainEpoch()
    {
        modes!.PutBack();
        progress.BeginEpoch();
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
        progress.Iteration++;
        progress.Step++;
        progress.PauseClock();
        foreach (var callback in callbacks)
        {
            callback.OnStepEnd(context);
        }

        OfferToSave(SavePoint.Step);
        ProgramEvents.StepEnd(context);
        progress.StartClock();
        context.Loss = null;
    }

    private void OfferToSave(SavePoint point)
    {
        foreach (var callback in callbacks)
        {
            callback.OnSavePoint(context, point);
        }
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

        progress.LearningRate = rates[0].LearningRate;
    }

    private Evaluation? Validate()
    {
        var onePass = ReferenceEquals(data.MaskStatistics, data.Selection);
        if (needsCapture && !onePass)
        {
            using var capture = ValidationCapture.Begin(model);
            EvaluationLoop.Run(model, data.MaskStatistics!, options.PieceBytes, static (_, _) => { });
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
