using TorchSharp;

namespace NsDropoutTorch.Experiments;

/// <summary>The options of <c>dropconnect</c>.</summary>
internal static class DropConnectChoices
{
    private static readonly LayerOption<bool> PerSample = LayerOption.Flag("per-sample", "draws a mask for every sample, as the paper does, not one for the batch");
    private static readonly LayerOption<bool> DropBias = LayerOption.Flag("drop-bias", "drops biases too");

    private static readonly LayerOption<long> Samples = LayerOption.Whole(
        "samples", "draws of the paper's moment matching through ReLU in evaluation; 0: mean weights", 0, 0);

    public static IReadOnlyList<LayerOption> All { get; } = [LayerOption.P, PerSample, DropBias, Samples];

    // The ReLU of the network behind changes nothing that went through one before.
    public static DropConnectOptions Of(LayerSpecification layer) => new()
    {
        PerSample = layer.Of(PerSample),
        DropBias = layer.Of(DropBias),
        Activation = layer.Of(Samples) == 0 ? null : input => torch.nn.functional.relu(input),
        Samples = layer.Of(Samples) == 0 ? null : (int)layer.Of(Samples),
    };
}
