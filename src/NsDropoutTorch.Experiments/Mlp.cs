using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>The network of the reference notebooks: in – h₁ – ReLU – [layer] – h₂ – ReLU – … – classes.</summary>
internal static class Mlp
{
    public const string FirstLayer = "hidden1";

    public static nn.Module<Tensor, Tensor> Build(ModelSettings settings)
    {
        var modules = new List<(string, nn.Module<Tensor, Tensor>)>();
        var width = settings.NumInputs;
        for (var i = 1; i <= settings.Hidden.Count; i++)
        {
            modules.Add(($"hidden{i}", nn.Linear(width, settings.Hidden[i - 1])));
            modules.Add(($"relu{i}", nn.ReLU()));
            width = settings.Hidden[i - 1];
            if (i == 1 && settings.CreateLayer(width) is { } layer)
            {
                modules.Add(("layer", layer));
            }
        }

        modules.Add(("output", nn.Linear(width, settings.NumClasses)));
        return nn.Sequential(modules);
    }
}
