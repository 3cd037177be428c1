using NsDropoutTorch.Training.Checkpoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>One run of the trainer: the loop over epochs and steps, and the state it carries.</summary>
internal sealed class TrainingRun<TBatch> : IDisposable
{
    private readonly nn.Module model;
    private readonly TrainingTask<TBatch> task;
    private readonly TrainerOptions options;
    private readonly Callback[] callbacks;
    private readonly CancellationToken cancellation;
    private readonly Device device;
    private readonly IEpochBatches<TBatch> batches;
    private readonly GradientStep<TBatch> gradients;
    private readonly Parameter[] parameters;
    private readonly optim.Optimizer optimizer;
    private readonly optim.ILearningRateController[] rates;
    private readonly optim.lr_scheduler.LRScheduler? scheduler;
    private readonly FitContext context;
    private readonly RunProgress progress;
    private readonly RunState state;
    private readonly bool needsCapture;
    private readonly List<IDisposable> claims = [];
    private ModuleModes? modes;
    private double factorOfEpoch = 1;

    public TrainingRun(TrainingTask<TBatch> task, TrainerOptions options, Callback[] callbacks, CancellationToken cancellation)
    {
        (this.task, this.options, this.callbacks, this.cancellation) = (task, options, callbacks, cancellation);
        model = task.Model;
        needsCapture = ValidationCapture.IsNeededBy(model);
        TrainingDataCheck.Check(task, needsCapture);
        device = Devices.Of(model) ?? torch.CPU;
        progress = new(device, task.Metrics);
        batches = task.Fit.Open(options, device);
        gradients = new(task, AddedLoss.Of(model, options.Penalties), options.MicroBatches);
        parameters = [.. model.parameters()];
        optimizer = options.Optimizer(parameters);
        rates = [.. optimizer.ParamGroups];
        scheduler = SchedulerOf(options, optimizer);
        state = new(model, optimizer, progress, new StatefulParts([.. callbacks, options.Schedule]), RunSettings.Of(options, task, optimizer), options);
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
        task.CheckAhead?.Invoke(batches);
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
            double[] first = [.. rates.Select(rate => rate.LearningRate)];
            state.Load(path, refused);
            ReplayScheduler(first);
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
            context.Epoch, train.Loss, train.Penalty, train.Error, selection?.Loss, selection is { CountsErrors: true } ? selection.Error : null, progress.LearningRate, progress.Seconds)
        {
            LearnedRates = LearnedRates.Of(model),
            TrainMetrics = train.Metrics,
            SelectionMetrics = selection?.Metrics ?? NamedValues.None,
        };
        progress.EndEpoch(record);
        StepScheduler(perStep: false);
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
        StepScheduler(perStep: true);
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

    // Some schedulers compute each rate from the last.
    private void ReplayScheduler(double[] first)
    {
        if (scheduler is null)
        {
            return;
        }

        foreach (var (rate, value) in rates.Zip(first))
        {
            rate.LearningRate = value;
        }

        for (var step = options.SchedulerPerStep ? context.Iteration : context.Epoch; step > 0; step--)
        {
            scheduler.step();
        }
    }

    private void StepScheduler(bool perStep)
    {
        if (options.SchedulerPerStep == perStep)
        {
            scheduler?.step();
        }
    }

    private static optim.lr_scheduler.LRScheduler? SchedulerOf(TrainerOptions options, optim.Optimizer optimizer) => options switch
    {
        { Scheduler: null } => null,
        { Schedule: not null } => throw Require.Broken("Schedule and Scheduler must not both be set, since each sets the learning rate; leave one out."),
        _ => options.Scheduler(optimizer),
    };

    private EpochMeter.Totals? Validate()
    {
        if (needsCapture && !task.IsOnePass)
        {
            using var capture = ValidationCapture.Begin(model);
            Measure(task.MaskStatistics!);
            capture.Complete();
        }

        if (task.Selection is not { } selection)
        {
            return null;
        }

        using var shared = needsCapture && task.IsOnePass ? ValidationCapture.Begin(model) : null;
        var measured = Measure(selection);
        shared?.Complete();
        return measured;
    }

    private EpochMeter.Totals Measure(BatchSource<TBatch> source)
    {
        using var scope = torch.NewDisposeScope();
        using var meter = new EpochMeter(device, task.Metrics);
        meter.Begin(isNew: true);
        EvaluationLoop.Run(model, source.OpenInOrder(options, device), context.Epoch, batch => meter.Add(task.EvaluationStep(batch)));
        return meter.Read();
    }
}
