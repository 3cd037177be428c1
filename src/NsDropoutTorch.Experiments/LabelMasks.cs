using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>What masking layers of a model do in evaluation; they are found by <see cref="ILabelMasked"/>, never by type.</summary>
public static class LabelMasks
{
    /// <summary>Whether a label can decide what <paramref name="model"/> does with a sample.</summary>
    /// <param name="model">The model.</param>
    public static bool ReadLabels(nn.Module model) => Of(model).Any(layer => layer.UsesLabels);

    /// <summary>Sets what all masking layers do.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mode">What they are to do.</param>
    public static void SetMode(nn.Module model, EvalMode mode)
    {
        foreach (var layer in Of(model))
        {
            layer.EvalMode = mode;
        }
    }

    /// <summary>Sets what all masking layers do until the result is disposed; they are <see cref="EvalMode.Identity"/> then.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mode">What they are to do.</param>
    public static IDisposable Use(nn.Module model, EvalMode mode)
    {
        SetMode(model, mode);
        return new BackToIdentity(model);
    }

    private static IEnumerable<ILabelMasked> Of(nn.Module model) => model.modules().Prepend(model).OfType<ILabelMasked>();

    private sealed class BackToIdentity(nn.Module model) : IDisposable
    {
        public void Dispose() => SetMode(model, EvalMode.Identity);
    }
}
