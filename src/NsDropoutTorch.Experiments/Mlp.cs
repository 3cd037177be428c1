using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>The network of the reference notebooks: in – h₁ – ReLU – [layer] – h₂ – ReLU – … – classes.</summary>
internal static class Mlp
{
    public const string FirstLayer = "hidden1";

    public static nn.Module<Tensor, Tensor> Build(ModelSettings settings) =>
        nn.Sequential([.. settings.InputLayers(), .. LinearLayers(settings, settings.InputShape.Aggregate((a, b) => a * b), first: 1)]);

    /// <summary>The linear hidden layers, the first of which has number <paramref name="first"/>, and the output.</summary>
    public static IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> LinearLayers(ModelSettings settings, long numInputs, int first)
    {
        var width = numInputs;
        for (var i = 0; i < settings.Hidden.Count; i++)
        {
            var number = first + i;
            yield return ($"hidden{number}", settings.Regularization.Linear(number, width, settings.Hidden[i]));
            yield return ($"relu{number}", nn.ReLU());
            width = settings.Hidden[i];
            if (settings.Regularization.After(number, width) is { } layer)
            {
                yield return ($"layer{number}", layer);
            }
        }

        yield return ("output", nn.Linear(width, settings.NumClasses));
    }
}
