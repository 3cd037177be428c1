using TorchSharp.Modules;

namespace NsDropoutTorch.Training;

/// <summary>A bound on gradients, applied between the backward pass and the optimizer's step.</summary>
public abstract record GradientClipping
{
    /// <summary>Changes the gradients of <paramref name="parameters"/> in place, where they have any; reads nothing back from the device.</summary>
    /// <param name="parameters">All parameters of the model.</param>
    public abstract void Apply(IEnumerable<Parameter> parameters);
}
