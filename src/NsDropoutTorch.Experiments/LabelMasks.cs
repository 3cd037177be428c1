using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>What label-reading layers of a model do in evaluation; they are found by <see cref="ILabelMasked"/>, never by type.</summary>
public static class LabelMasks
{
    /// <summary>Whether <paramref name="model"/> has a layer whose evaluation may read labels.</summary>
    /// <param name="model">The model.</param>
    public static bool ArePresentIn(nn.Module model) => Of(model).Any();

    /// <summary>Sets what all such layers do.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mode">What they are to do.</param>
    public static void SetMode(nn.Module model, EvalMode mode)
    {
        foreach (var layer in Of(model))
        {
            layer.EvalMode = mode;
        }
    }

    private static IEnumerable<ILabelMasked> Of(nn.Module model) => model.modules().Prepend(model).OfType<ILabelMasked>();
}
