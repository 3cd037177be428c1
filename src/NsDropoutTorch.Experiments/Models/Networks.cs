using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Models;

/// <summary>The network of the reference notebooks: in – h₁ – ReLU – [layer] – h₂ – ReLU – … – classes.</summary>
internal static class Mlp
{
    public const string FirstLayer = "hidden1";

    public static nn.Module<Tensor, Tensor> Build(ModelSettings settings) =>
        nn.Sequential([.. settings.InputLayers(), .. LinearLayers(settings, settings.InputSize, first: 1)]);

    /// <summary>The linear hidden layers, the first of which has number <paramref name="first"/>, and the output.</summary>
    public static IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> LinearLayers(ModelSettings settings, long numInputs, int first)
    {
        var width = numInputs;
        for (var i = 0; i < settings.Hidden.Count; i++)
        {
            var number = first + i;
            yield return (Invariant($"hidden{number}"), settings.Regularization.Linear(number, width, settings.Hidden[i]));
            yield return (Invariant($"relu{number}"), nn.ReLU());
            width = settings.Hidden[i];
            foreach (var layer in ModelSettings.LayerAfter(number, settings.Regularization.After(number, width)))
            {
                yield return layer;
            }
        }

        yield return ("output", nn.Linear(width, settings.NumClasses));
    }
}

/// <summary>
/// A small network for images: convolution with 10 filters of 3×3 – ReLU – max pooling by 2 – [layer] – h₂ – ReLU – [layer] – … – classes.
/// </summary>
internal static class Cnn
{
    public const string FirstLayer = "conv1";

    private const int Filters = 10;
    private const int KernelSize = 3;
    private const int Pool = 2;

    public static nn.Module<Tensor, Tensor> Build(ModelSettings settings)
    {
        var (height, width) = (settings.InputShape[1] / Pool, settings.InputShape[2] / Pool);
        return Build(
            settings,
            before: [],
            settings.Regularization.Convolution(1, Filters, new(settings.InputShape[0], KernelSize, KernelSize / 2)),
            nn.MaxPool2d(Pool),
            settings.Regularization.AfterConvolution(1, Filters),
            Filters * height * width);
    }

    /// <summary>Input layers – before – convolution – ReLU – pooling – [layer] – linear layers, the first of which has so many inputs.</summary>
    public static nn.Module<Tensor, Tensor> Build(
        ModelSettings settings,
        IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> before,
        nn.Module<Tensor, Tensor> convolution,
        nn.Module<Tensor, Tensor> pooling,
        nn.Module<Tensor, Tensor>? layer,
        long numInputs) => nn.Sequential(
        [
            .. settings.InputLayers(),
            .. before,
            (FirstLayer, convolution),
            ("relu1", nn.ReLU()),
            ("pool1", pooling),
            .. ModelSettings.LayerAfter(1, layer),
            ("flatten", nn.Flatten()),
            .. Mlp.LinearLayers(settings, numInputs, first: 2),
        ]);
}

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
                parameter.copy_(torch.randn(parameter.shape).mul_(Scalars.Of(std)));
            }
        }
    }
}
