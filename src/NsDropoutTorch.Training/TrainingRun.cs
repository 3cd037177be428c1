using System.Diagnostics;
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
    private readonly IEpochBatches batches;
    private readonly GradientPass gradients;
    private readonly Parameter[] parameters;
    private readonly optim.Optimizer optimizer;
    private readonly optim.ILearningRateController[] rates;
    private readonly FitContext context;
    private readonly bool needsCapture;
    private readonly Device device;
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
        device = Placement.Of(model) ?? torch.CPU;
        batches = data.Fit.Open(options, device);
        gradients = new(model, options.Objective, PenaltyTerm.Resolve(model, options.Penalties), options.MicroBatches);
        context = new(model, options, batches.Count);
        parameters = [.. model.parameters()];
        optimizer = options.Optimizer(parameters);
        rates = [.. optimizer.ParamGroups];
    }

    private bool IsOver => context.StopReason is not null || cancellation.IsCancellationRequested;

    public FitResult Run()
    {
        foreach (var callback in callbacks)
        {
            callback.OnFitBegin(context);
        }

        while (context.Epoch < options.Epochs && !IsOver)
        {
            RunEpoch();
        }

        foreach (var callback in callbacks)
        {
            callback.OnFitEnd(context);
        }

        cancellation.ThrowIfCancellationRequested();
        return new(context.History, context.StopReason);
    }

    public void Dispose()
    {
        batches.Dispose();
        optimizer.Dispose();
    }

    private void RunEpoch()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var callback in callbacks)
        {
            callback.OnEpochBegin(context);
        }

        var started = Stopwatch.GetTimestamp();
        if (TrainEpoch() is not { } train)
        {
            return;
        }

        var selection = Validate();
        var record = new EpochRecord(
            context.Epoch, train.Loss, train.Penalty, train.Error, selection?.Loss, selection?.Error,
            context.LearningRate, Stopwatch.GetElapsedTime(started).TotalSeconds);
        context.Add(record);
        foreach (var callback in callbacks)
        {
            callback.OnEpochEnd(context, record);
        }
    }

    /// <summary>Takes all steps of one epoch; null when it was ended before the last one.</summary>
    private EpochMeter.Totals? TrainEpoch()
    {
        model.train();
        var meter = new EpochMeter(device);
        batches.Begin(context.Epoch);
        factorOfEpoch = options.Schedule?.FactorAfter(context.History) ?? 1;
        for (var step = 0; step < batches.Count; step++)
        {
            if (IsOver)
            {
                return null;
            }

            Step(step, meter);
        }

        return meter.Read();
    }

    private void Step(int step, EpochMeter meter)
    {
        using var scope = torch.NewDisposeScope();
        var batch = batches.Take(step);
        SetLearningRate();
        optimizer.zero_grad();
        context.Loss = gradients.Run(batch, meter);
        options.Clipping?.Apply(parameters);
        optimizer.step();
        context.Iteration++;
        foreach (var callback in callbacks)
        {
            callback.OnStepEnd(context);
        }

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
        var onePass = ReferenceEquals(data.Capture, data.Selection);
        if (needsCapture && !onePass)
        {
            using var capture = ValidationCapture.Begin(model);
            Pieces.ForEach(model, data.Capture!, options.PieceBytes, static (_, _) => { });
        }

        if (data.Selection is not { } selection)
        {
            return null;
        }

        using var shared = needsCapture && onePass ? ValidationCapture.Begin(model) : null;
        return Trainer.Evaluate(model, selection, options.Objective, options.PieceBytes);
    }
}
