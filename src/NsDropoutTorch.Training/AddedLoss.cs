using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>What is added to the loss of each step: penalties on parameters, and the terms that modules bring with them.</summary>
internal sealed class AddedLoss(PenaltyTerm[] penalties, IRegularized[] modules)
{
    /// <summary>Everything that is to be added for <paramref name="model"/>; a module that stands in several places counts once.</summary>
    /// <exception cref="ArgumentException">A penalty names no layer with parameters.</exception>
    public static AddedLoss Of(nn.Module model, IEnumerable<LayerPenalty> penalties) => new(
        PenaltyTerm.Resolve(model, penalties),
        [.. model.modules().Prepend(model).Distinct<nn.Module>(ReferenceEqualityComparer.Instance).OfType<IRegularized>()]);

    /// <summary>The sum as of now, a scalar tensor; null when there is nothing to add.</summary>
    public Tensor? Sum()
    {
        var sum = PenaltyTerm.Sum(penalties);
        foreach (var module in modules)
        {
            var term = module.Regularization();
            sum = sum is null ? term : sum + term;
        }

        return sum;
    }
}
