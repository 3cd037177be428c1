using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>The options of <c>targeted</c>.</summary>
internal static class TargetedChoices
{
    private static readonly LayerOption<double> Share = LayerOption.Real("share", "share of weights that are targets", "a number in [0, 1]", 0.5, share => share is >= 0 and <= 1);
    private static readonly LayerOption<bool> Units = LayerOption.Flag("units", "targets whole units, by the norm of their weights");

    public static IReadOnlyList<LayerOption> All { get; } = [LayerOption.P, Share, Units];

    public static TargetedDropoutLinear Create(long numInputs, LayerSettings settings) =>
        nn.TargetedDropoutLinear(numInputs, settings.NumFeatures, settings.P, settings.Layer.Of(Share), settings.Layer.Of(Units));
}
