using NsDropoutTorch.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

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

        if (Array.TrueForAll(gradients, HostVectors.Reaches))
            ClipInPlace(gradients);
        else
            ClipByOperators(gradients);
    }

    /// <summary>Reads nothing back.</summary>
    internal void ClipByOperators(Tensor[] gradients)
    {
        var norm = torch.stack(gradients.Select(gradient => gradient.norm())).norm();
        var factor = norm.add(Scalars.Of(Epsilon), Scalars.One).reciprocal_().mul_(Scalars.Of(MaxNorm)).clamp_max_(Scalars.Of(1));
        foreach (var gradient in gradients)
        {
            gradient.mul_(factor);
        }
    }

    private void ClipInPlace(Tensor[] gradients)
    {
        var norm = (float)Math.Sqrt(gradients.Sum(HostVectors.SumOfSquares));
        var factor = (float)MaxNorm / (norm + (float)Epsilon);
        if (factor >= 1)
        {
            return;
        }

        foreach (var gradient in gradients)
        {
            HostVectors.Multiply(gradient, factor);
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
            parameter.grad?.clamp_(Scalars.Of(-Limit), Scalars.Of(Limit));
        }
    }
}
