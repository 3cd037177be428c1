using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

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

    /// <summary>Sets what all masking layers do until the result is disposed; they are <see cref="EvalMode.Identity"/> then.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mode">What they are to do.</param>
    public static IDisposable Use(nn.Module model, EvalMode mode)
    {
        SetMode(model, mode);
        return new BackToIdentity(model);
    }

    /// <summary>The masking layers with their names in <paramref name="model"/>; a model that masks by itself has its own name.</summary>
    /// <param name="model">The model.</param>
    internal static IEnumerable<(string Name, ILabelMasked Layer)> In(nn.Module model) =>
        from named in model.named_modules().Prepend((name: model.GetName(), module: model))
        where named.module is ILabelMasked
        select (named.name, (ILabelMasked)named.module);

    private sealed class BackToIdentity(nn.Module model) : IDisposable
    {
        public void Dispose() => SetMode(model, EvalMode.Identity);
    }
}
