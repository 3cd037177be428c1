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
    private readonly CancellationToken cancellation;
    private readonly Device device;
    private readonly IEpochBatches<TBatch> batches;
    private readonly GradientStep<TBatch> gradients;
    private readonly Parameter[] parameters;
    private readonly Parameter[] trained;
    private readonly optim.Optimizer optimizer;
    private readonly LearningRates rates;
    private readonly FitContext context;
    private readonly CallbackList callbacks;
    private readonly RunProgress progress;
    private readonly RunState state;
    private readonly WeightAverage? average;
    private readonly LowPrecision? precision;
    private readonly RunThreads threads;
    private readonly bool needsCapture;
    private ModuleModes? modes;

    public TrainingRun(TrainingTask<TBatch> task, TrainerOptions options, Callback[] callbacks, CancellationToken cancellation)
    {
        (this.task, this.options, this.cancellation) = (task, options, cancellation);
        model = task.Model;
        needsCapture = ValidationCapture.IsNeededBy(model);
        TrainingDataCheck.Check(task, needsCapture);
        device = Devices.Of(model) ?? torch.CPU;
        progress = new(device, task.Metrics);
        batches = task.Fit.Open(options, device);
        threads = new(options);
        precision = options.Precision is { } type ? new(model, type, device) : null;
        gradients = new(task, AddedLoss.Of(model, options.Penalties), precision, options.MicroBatches);
        parameters = [.. model.parameters()];
        optimizer = options.Optimizer(parameters);
        trained = [.. optimizer.ParamGroups.OfType<ParamGroup>().SelectMany(group => group.Parameters).Union<Parameter>(parameters, ReferenceEqualityComparer.Instance)];
        rates = new(optimizer, options);
        average = options.Averaging is { } averaging ? new(model, averaging) : null;
        state = new(model, optimizer, progress, new StatefulParts([.. callbacks, options.Schedule, average, precision?.Scale]), RunSettings.Of(options, task, model, optimizer), options);
        context = new(model, options, batches.Count, progress, state);
        this.callbacks = new(callbacks, context);
    }

    private bool IsOver => context.StopReason is not null || cancellation.IsCancellationRequested;

    // An epoch whose steps are all taken is always finished.
    private bool HasEpochLeft => context.Epoch < options.Epochs && (!IsOver || progress.Step == batches.Count);

    public FitResult Run()
    {
        try
        {
            RunEpochs();
        }
        catch (Exception exception)
        {
            callbacks.Failed(exception);
            throw;
        }

        ProgramEvents.FitEnd(context);
        ThrowIfCancelled();
        return new(context.History, context.StopReason);
    }

    public void Dispose()
    {
        threads.Dispose();
        batches.Dispose();
        optimizer.Dispose();
        progress.Dispose();
        average?.Dispose();
        callbacks.Dispose();
    }

    private void RunEpochs()
    {
        callbacks.Claim();
        Resume();
        modes = ModuleModes.ForTraining(model);
        task.CheckAhead?.Invoke(batches);
        callbacks.FitBegin();
        while (HasEpochLeft)
        {
            RunEpoch();
        }

        callbacks.OfferToSave(SavePoint.Run);
        if (context.IsComplete)
            average?.Keep();
        callbacks.FitEnd();
    }

    private void Resume()
    {
        if (options.ResumeFrom is { } resumeFrom && CheckpointFolder.Find(resumeFrom) is var (path, refused))
        {
            var first = rates.Values;
            state.Load(path, refused);
            rates.Replay(first, context.Iteration, context.Epoch);
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
        callbacks.EpochBegin();
        if (TrainEpoch() is not { } train)
        {
            progress.PauseClock();
            return;
        }

        average?.AfterEpoch(context.Epoch);
        CaptureStatistics();
        using (average?.InModel())
        {
            EndEpoch(train, Validate());
        }

        callbacks.OfferToSave(SavePoint.Epoch);
    }

    private void EndEpoch(EpochMeter.Totals train, EpochMeter.Totals? selection)
    {
        var record = new EpochRecord(
            context.Epoch, train.Loss, train.Penalty, train.Error, selection?.Loss, selection is { CountsErrors: true } ? selection.Error : null, progress.LearningRate, progress.Seconds)
        {
            LearnedRates = LearnedRates.Of(model),
            TrainMetrics = train.Metrics,
            SelectionMetrics = selection?.Metrics ?? NamedValues.None,
        };
        progress.EndEpoch(record);
        rates.EndEpoch();
        callbacks.EpochEnd(record);
    }

    /// <summary>Takes all steps of one epoch; null when it was ended before the last one.</summary>
    private EpochMeter.Totals? TrainEpoch()
    {
        modes!.PutBack();
        progress.BeginEpoch();
        batches.Begin(context.Epoch);
        rates.BeginEpoch(context.History);
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
        if (!threads.IsSettled) SettleThreads(batch);
        progress.LearningRate = rates.BeginStep(context.Iteration, context.Epoch);
        callbacks.StepBegin();
        DropGradients();
        RandomState.SeedDevices(device);
        context.Loss = gradients.Run(batch, progress.Meter);
        if (precision?.Scale?.Unscale(parameters) != false)
        {
            options.Clipping?.Apply(parameters);
            optimizer.step();
            average?.AfterStep();
        }

        rates.EndStep();
        progress.Iteration++;
        progress.Step++;
        progress.PauseClock();
        callbacks.StepEnd();
        ProgramEvents.StepEnd(context);
        progress.StartClock();
        context.Loss = null;
    }

    // By the size of a full batch where it is known, so that a run resumed at a smaller one has the threads it had.
    private void SettleThreads(TBatch batch)
    {
        var inputs = TrainingTasks.InputsOf(batch);
        threads.Settle(model, inputs, batches.KnownSizes.FirstOrDefault(inputs?.size(0) ?? 0));
    }

    // Those of the last step, and not set to zero: the next backward pass then makes new ones in place of adding to them, which spares two passes over the memory of all weights.
    private void DropGradients()
    {
        foreach (var parameter in trained)
        {
            parameter.grad = null;
        }
    }

    // Masks go with the weights that are trained, not with their average.
    private bool CapturesWhileValidating => needsCapture && task.IsOnePass && average is null;

    private void CaptureStatistics()
    {
        if (needsCapture && !CapturesWhileValidating)
        {
            using var capture = ValidationCapture.Begin(model);
            Measure(task.MaskStatistics!);
            capture.Complete();
        }
    }

    private EpochMeter.Totals? Validate()
    {
        if (task.Selection is not { } selection)
        {
            return null;
        }

        using var capture = CapturesWhileValidating ? ValidationCapture.Begin(model) : null;
        var measured = Measure(selection);
        capture?.Complete();
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
