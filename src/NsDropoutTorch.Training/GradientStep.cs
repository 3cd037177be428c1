using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Computes the gradients of one step, in one piece or in several: with each piece's mean loss weighted by its share of the targets that count,
/// the gradients add up to those of the mean over the whole batch, for pieces of any size.
/// </summary>
internal sealed class GradientStep<TBatch>(TrainingTask<TBatch> task, AddedLoss added, LowPrecision? precision, int pieces)
{
    /// <summary>Adds the gradients to the parameters' and the measurements to <paramref name="meter"/>; returns what was minimised, a scalar tensor without gradient.</summary>
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
        using var scope = torch.NewDisposeScope();
        using var rounded = precision?.InModel();
        var penalty = added.Sum();
        if (pieces == 1) return Minimise(batch, batch, penalty, isFirst: true, meter).MoveToOuterDisposeScope();

        Tensor? total = null;
        foreach (var piece in Chunks.Into(pieces, task.CountOf!(batch)))
        {
            using var pieceScope = torch.NewDisposeScope();
            var value = Minimise(task.Fit.Narrow!(batch, piece.Start, piece.Length), batch, penalty, isFirst: total is null, meter);
            total = (total is null ? value : total + value).MoveToOuterDisposeScope();
        }

        return total!.MoveToOuterDisposeScope();
    }

    private Tensor Minimise(TBatch piece, TBatch batch, Tensor? penalty, bool isFirst, EpochMeter meter)
    {
        var result = task.Step(piece);
        meter.Add(result, penalty);
        var share = pieces == 1 ? result.Loss : task.Share!(piece, batch, result.Loss);
        var minimised = isFirst && penalty is not null ? share + penalty : share;
        (precision?.Scale is { } scale ? minimised * scale.Value : minimised).backward();
        precision?.KeepGradients();
        return minimised.detach();
    }
}

/// <summary>A bound on gradients, applied between the backward pass and the optimizer's step.</summary>
public abstract record GradientClipping
{
    /// <summary>Changes the gradients of <paramref name="parameters"/> in place, where they have any; reads nothing back from the device.</summary>
    /// <param name="parameters">All parameters of the model.</param>
    public abstract void Apply(IEnumerable<Parameter> parameters);
}

/// <summary>
/// Scales all gradients together so that their Euclidean norm is at most a bound: g · min(max / (‖g‖ + 10⁻⁶), 1).
/// It differs from TorchSharp's <c>clip_grad_norm_</c> only in that it does not read the norm back, which would make every step wait for the device.
/// </summary>
/// <param name="MaxNorm">The bound, above 0.</param>
public sealed record ClipByNorm(double MaxNorm) : GradientClipping
{
    private const double Epsilon = 1e-6;

    /// <inheritdoc cref="ClipByNorm(double)" path="/param"/>
    public double MaxNorm { get; } = Require.Positive(MaxNorm, "max norm");

    /// <inheritdoc/>
    public override void Apply(IEnumerable<Parameter> parameters)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        if (gradients.Length == 0)
        {
            return;
        }

        var norm = torch.stack(gradients.Select(gradient => gradient.norm())).norm();
        var factor = (MaxNorm / (norm + Epsilon)).clamp_max(1);
        foreach (var gradient in gradients)
        {
            gradient.mul_(factor);
        }
    }
}

/// <summary>Clamps every element of every gradient to [−limit, limit].</summary>
/// <param name="Limit">The bound, above 0.</param>
public sealed record ClipByValue(double Limit) : GradientClipping
{
    /// <inheritdoc cref="ClipByValue(double)" path="/param"/>
    public double Limit { get; } = Require.Positive(Limit, "limit");

    /// <inheritdoc/>
    public override void Apply(IEnumerable<Parameter> parameters)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        foreach (var parameter in parameters)
        {
            parameter.grad?.clamp_(-Limit, Limit);
        }
    }
}
