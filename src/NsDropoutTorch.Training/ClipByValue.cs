using TorchSharp;
using TorchSharp.Modules;

namespace NsDropoutTorch.Training;

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
