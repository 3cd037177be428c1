using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Computes the gradients of one step, in one piece or in several: with each piece's mean loss weighted by its share of the batch,
/// the gradients add up to those of the mean over the whole batch, for pieces of any size.
/// </summary>
internal sealed class GradientStep(nn.Module<Tensor, Tensor> model, Objective objective, AddedLoss added, BatchNormCheck check, int pieces)
{
    /// <summary>Adds the gradients to the parameters' and the measurements to <paramref name="meter"/>; returns what was minimised, a scalar tensor without gradient.</summary>
    public Tensor Run(Batch batch, EpochMeter meter)
    {
        using var scope = torch.NewDisposeScope();
        var count = batch.Count;
        var penalty = added.Sum();
        Tensor? total = null;
        foreach (var (start, length) in Chunks.Into(pieces, count))
        {
            using var piece = torch.NewDisposeScope();
            var loss = Forward(batch.Narrow(start, length), penalty, meter);
            var share = length == count ? loss : loss * ((double)length / count);
            var minimised = start == 0 && penalty is not null ? share + penalty : share;
            minimised.backward();
            var value = minimised.detach();
            total = (total is null ? value : total + value).MoveToOuterDisposeScope();
        }

        return total!.MoveToOuterDisposeScope();
    }

    private Tensor Forward(Batch batch, Tensor? penalty, EpochMeter meter)
    {
        check.Check(batch);
        using var labels = LabelScope.Use(batch.Labels);
        var outputs = model.call(batch.Inputs);
        var loss = objective.Loss(outputs, batch.Labels);
        using var noGradients = torch.no_grad();
        meter.Add(loss, penalty, objective.CountErrors(outputs, batch.Labels), batch.Count);
        return loss;
    }
}
