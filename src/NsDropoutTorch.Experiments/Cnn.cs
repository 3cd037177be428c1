using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

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
        var modules = new List<(string, nn.Module<Tensor, Tensor>)>
        {
            (FirstLayer, nn.Conv2d(settings.InputShape[0], Filters, KernelSize, padding: KernelSize / 2)),
            ("relu1", nn.ReLU()),
            ("pool1", nn.MaxPool2d(Pool)),
        };
        if (settings.Regularization.AfterConvolution(1, Filters) is { } layer)
        {
            modules.Add(("layer1", layer));
        }

        modules.Add(("flatten", nn.Flatten()));
        modules.AddRange(Mlp.LinearLayers(settings, Filters * height * width, first: 2));
        return nn.Sequential([.. settings.InputLayers(), .. modules]);
    }
}
