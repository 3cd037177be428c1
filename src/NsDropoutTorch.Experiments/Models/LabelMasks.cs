using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Models;

/// <summary>What masking layers of a model do in evaluation; they are found by <see cref="ILabelMasked"/>, never by type.</summary>
public static class LabelMasks
{
    /// <summary>Whether a label can decide what <paramref name="model"/> does with a sample.</summary>
    /// <param name="model">The model.</param>
    public static bool ReadLabels(nn.Module model) => In(model).Any(named => named.Layer.UsesLabels);

    /// <summary>Sets what all masking layers do.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mode">What they are to do.</param>
    public static void SetMode(nn.Module model, EvalMode mode)
    {
        foreach (var (_, layer) in In(model))
        {
            layer.EvalMode = mode;
        }
    }

    /// <summary>Lets no masking layer read labels: those that would are set to <see cref="EvalMode.Identity"/>.</summary>
    /// <param name="model">The model.</param>
    public static void HideLabels(nn.Module model)
    {
        foreach (var (_, layer) in In(model).Where(named => named.Layer.EvalMode == EvalMode.LabelMask))
        {
            layer.EvalMode = EvalMode.Identity;
        }
    }

    /// <summary>Sets what all masking layers do until the result is disposed, which puts back what they did.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mode">What they are to do.</param>
    public static IDisposable Use(nn.Module model, EvalMode mode)
    {
        var former = new FormerModes([.. In(model).Select(named => (named.Layer, named.Layer.EvalMode))]);
        SetMode(model, mode);
        return former;
    }

    /// <summary>The masking layers with their names in <paramref name="model"/>; a model that masks by itself has its own name.</summary>
    /// <param name="model">The model.</param>
    internal static IEnumerable<(string Name, ILabelMasked Layer)> In(nn.Module model) => NamedModules.Of<ILabelMasked>(model);

    private sealed class FormerModes(IReadOnlyList<(ILabelMasked Layer, EvalMode Mode)> modes) : IDisposable
    {
        public void Dispose()
        {
            foreach (var (layer, mode) in modes)
            {
                layer.EvalMode = mode;
            }
        }
    }
}
