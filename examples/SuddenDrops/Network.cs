using NsDropoutTorch;
using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SuddenDrops;

/// <summary>The network of the notebooks, in – 128 – 128 – 128 – classes with ReLU, weights 0.01·N(0,1), and a regularising layer after the first hidden layers.</summary>
internal static class Network
{
    /// <summary>Name of the layer that has the notebooks' L2 penalty.</summary>
    public const string FirstLayer = "hidden1";

    private const long Width = 128;
    private const int Hidden = 3;
    private const double InitialDeviation = 0.01;

    /// <summary>The network of a variant, its weights drawn by a seed.</summary>
    public static Sequential Build(Variant variant, long inputs, long classes, long seed)
    {
        Seeding.Seed(seed);
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (var i = 1; i <= Hidden; i++)
        {
            layers.Add(($"hidden{i}", nn.Linear(i == 1 ? inputs : Width, Width)));
            layers.Add(($"relu{i}", nn.ReLU()));
            if (i <= variant.Masked && Regularizer(variant, classes) is { } layer) layers.Add(($"layer{i}", layer));
        }

        layers.Add(("output", nn.Linear(Width, classes)));
        var model = nn.Sequential([.. layers]);
        using var noGradients = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var drawn = name.EndsWith("bias", StringComparison.Ordinal) ? zeros(parameter.shape) : randn(parameter.shape).mul_(InitialDeviation);
            parameter.copy_(drawn);
        }

        return model;
    }

    /// <summary>The layers with class masks.</summary>
    public static IEnumerable<FreezableMasks> MasksOf(nn.Module model) => model.modules().OfType<FreezableMasks>();

    private static nn.Module<Tensor, Tensor>? Regularizer(Variant variant, long classes) => variant.Layer switch
    {
        "dropout" => nn.FastDropout(variant.P),
        "nsdropout" => new FreezableMasks(nn.NSDropout(Width, classes, variant.P, NSDropoutOptions.Reference with
        {
            EvalMode = EvalMode.Identity, KeepLargest = variant.KeepLargest, Momentum = variant.Momentum,
        })) { RandomSwaps = variant.Swaps },
        _ => null,
    };
}
