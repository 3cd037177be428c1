using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Models;

/// <summary>The initialisation of the reference notebooks: weights std·N(0,1), biases 0. Parameters of other names, as a learned rate, are left alone.</summary>
internal static class GaussianInitialization
{
    /// <summary>Draws on the CPU, so that a seed gives the same weights on every device; the model must be there.</summary>
    public static void Apply(nn.Module model, double std)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                parameter.zero_();
            }
            else if (name.EndsWith("weight", StringComparison.Ordinal))
            {
                parameter.copy_(torch.randn(parameter.shape) * std);
            }
        }
    }
}
