using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Computes the gradients of one step, in one piece or in several: with each piece's mean loss weighted by its share of the targets that count,
/// the gradients add up to those of the mean over the whole batch, for pieces of any size.
/// </summary>
internal sealed class GradientStep<TBatch>(TrainingTask<TBatch> task, AddedLoss added, LowPrecision? precision, int pieces)
{
    /// <summary>Adds the gradients to the parameters' and the measurements to <paramref name="meter"/>, and leaves tensors to the step's dispose scope; returns what was minimised, a scalar tensor without gradient.</summary>
    public Tensor Run(TBatch batch, EpochMeter meter)
    {
        try
        {
            return Compute(batch, meter);
        }
        catch (ExternalException refusal) when (precision?.IsRefusal(refusal) == true)
        {
            throw precision.Refused(refusal);
        }
    }

    private Tensor Compute(TBatch batch, EpochMeter meter)
    {
        using var rounded = precision?.InModel();
        var penalty = added.Sum();
        if (pieces == 1) return Minimise(batch, batch, penalty, isFirst: true, meter);

        Tensor? total = null;
        foreach (var piece in Chunks.Into(pieces, task.CountOf!(batch)))
        {
            using var pieceScope = torch.NewDisposeScope();
            var value = Minimise(task.Fit.Narrow!(batch, piece.Start, piece.Length), batch, penalty, isFirst: total is null, meter);
            total = (total is null ? value : total.add(value, Scalars.One)).MoveToOuterDisposeScope();
        }

        return total!;
    }

    private Tensor Minimise(TBatch piece, TBatch batch, Tensor? penalty, bool isFirst, EpochMeter meter)
    {
        var result = task.Step(piece);
        meter.Add(result, penalty);
        var share = pieces == 1 ? result.Loss : task.Share!(piece, batch, result.Loss);
        var minimised = isFirst && penalty is not null ? share.add(penalty, Scalars.One) : share;
        (precision?.Scale is { } scale ? minimised.mul(Scalars.Of(scale.Value)) : minimised).backward();
        task.Chain?.Backward();
        precision?.KeepGradients();
        return minimised.detach();
    }
}
