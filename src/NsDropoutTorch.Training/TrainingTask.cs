using System.Runtime.CompilerServices;
using NsDropoutTorch.Training.Chains;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>What a run trains on, and by what step.</summary>
/// <typeparam name="TBatch">A batch.</typeparam>
internal sealed record TrainingTask<TBatch>(nn.Module Model, BatchSource<TBatch> Fit, Func<TBatch, StepResult> Step)
{
    /// <summary>The step on data that is only measured on.</summary>
    public Func<TBatch, StepResult> EvaluationStep { get; init; } = Step;

    /// <summary>What carries the gradients from the outputs of the step to the parameters; null: autograd alone.</summary>
    public LayerChain? Chain { get; init; }

    public BatchSource<TBatch>? MaskStatistics { get; init; }

    public BatchSource<TBatch>? Selection { get; init; }

    /// <summary>Measured by the steps; begun and read by the run.</summary>
    public IReadOnlyList<IScalarMetric> Metrics { get; init; } = [];

    /// <summary>Samples of a batch, and from a piece of a batch to the weight of its loss in that of the batch; null: batches are not cut.</summary>
    public Func<TBatch, long>? CountOf { get; init; }

    /// <summary>From the piece of a batch, the batch and the piece's loss to its share in the loss of the batch.</summary>
    public Func<TBatch, TBatch, Tensor, Tensor>? Share { get; init; }

    /// <summary>Looks ahead for what would fail in the middle.</summary>
    public Action<IEpochBatches<TBatch>>? CheckAhead { get; init; }

    /// <summary>Whether one pass over the same samples serves mask statistics and selection.</summary>
    public bool IsOnePass => MaskStatistics is not null
        && (ReferenceEquals(MaskStatistics, Selection) || (MaskStatistics.Tensors is { } tensors && Selection?.Tensors is { } others && ReferenceEquals(tensors[0], others[0])));
}

/// <summary>Makes tasks.</summary>
internal static class TrainingTasks
{
    /// <summary>The usual one: outputs of inputs, compared with labels by an objective.</summary>
    public static TrainingTask<(Tensor Inputs, Tensor Labels)> Supervised(nn.Module<Tensor, Tensor> model, TrainingData data, TrainerOptions options)
    {
        var (objective, metrics, readsLabels, norms) = (options.Objective, options.Metrics, LabelReaders.AreIn(model), new BatchNormCheck(model));
        var chain = AddedLoss.IsAny(model, options.Penalties) ? null : LayerChain.Of(model); // Autograd sums the gradients of added terms in an order of its own.
        return new(model, data.Fit, batch =>
        {
            norms.Check(batch);
            return Measure(batch, chain, null);
        })
        {
            Chain = chain,
            EvaluationStep = batch => Measure(batch, null, ProgramEvents.Outputs),
            MaskStatistics = (BatchSource?)data.MaskStatistics,
            Selection = data.Selection,
            Metrics = metrics,
            CountOf = static batch => batch.Labels.size(0),
            Share = (piece, batch, loss) => objective.CountTargets is { } counted
                ? loss * (counted(piece.Labels) / counted(batch.Labels).clamp_min(Scalars.Of(1)))
                : loss.mul(Scalars.Of((double)piece.Labels.size(0) / batch.Labels.size(0))),
            CheckAhead = batches => norms.CheckAhead(data.Fit.Tensors, batches.KnownSizes, options.MicroBatches, Devices.Of(model) ?? torch.CPU),
        };

        StepResult Measure((Tensor Inputs, Tensor Labels) batch, LayerChain? chain, Action<nn.Module, Tensor>? see)
        {
            using var labels = readsLabels ? LabelScope.Use(batch.Labels) : null;
            var outputs = chain?.Forward(batch.Inputs) ?? model.call(batch.Inputs);
            see?.Invoke(model, outputs);
            AddTo(metrics, outputs, batch.Labels);
            return objective.Measure(outputs, batch.Labels);
        }
    }

    private static void AddTo(IReadOnlyList<IScalarMetric> metrics, Tensor outputs, Tensor labels)
    {
        if (metrics.Count == 0) return;
        using var noGradients = torch.no_grad();
        foreach (var metric in metrics)
        {
            metric.Add(outputs, labels);
        }
    }

    /// <summary>A step of the user's own.</summary>
    public static TrainingTask<TBatch> Own<TBatch>(
        nn.Module model, BatchSource<TBatch> fit, Func<TBatch, StepResult> step, BatchSource<TBatch>? validation, BatchSource<TBatch>? maskStatistics, TrainerOptions options)
    {
        if (options.Metrics.Count > 0)
        {
            throw Require.Broken("Metrics must be empty for a step of one's own, which alone knows outputs and targets; return their means in StepResult.Values.");
        }

        if (options.MicroBatches > 1 && fit.Narrow is null)
        {
            throw Require.Broken(Invariant($"MicroBatches must be 1 for batches of {typeof(TBatch).Name}, which cannot be cut, but got {options.MicroBatches}; make smaller batches, or use BatchSource.FromTensors."));
        }

        return new(model, fit, fit.Narrow is null ? step : batch => Counted(step(batch), RowsOf(batch)))
        {
            MaskStatistics = maskStatistics,
            Selection = validation,
            CountOf = fit.Narrow is null ? null : static batch => RowsOf(batch),
            Share = static (piece, batch, loss) => loss.mul(Scalars.Of((double)RowsOf(piece) / RowsOf(batch))),
        };
    }

    /// <summary>The first tensor of a batch, a row for each sample; null where it is none.</summary>
    public static Tensor? InputsOf<TBatch>(TBatch batch)
    {
        var first = batch switch
        {
            Tensor[] rows => rows.FirstOrDefault(),
            ITuple { Length: > 0 } items => items[0] as Tensor,
            _ => batch as Tensor,
        };
        return first?.dim() > 0 ? first : null;
    }

    private static StepResult Counted(StepResult result, long rows) => result.Count is null ? result with { Count = rows } : result;

    private static long RowsOf<TBatch>(TBatch batch) => InputsOf(batch)?.size(0) ?? 1;
}
