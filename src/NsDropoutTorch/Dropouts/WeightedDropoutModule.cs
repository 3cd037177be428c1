using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>A layer with a weight and a bias whose names and initial values are those of TorchSharp's layer, so that state goes from one to the other.</summary>
public abstract class WeightedDropoutModule : DropoutModule
{
    /// <param name="name">Name of the layer.</param>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <param name="shape">Of the weight, the outputs first.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="dtype">Floating dtype of the parameters.</param>
    private protected WeightedDropoutModule(string name, double p, long[] shape, bool hasBias, Device? device, ScalarType? dtype)
        : base(name, p, upToOne: true)
    {
        using var plain = new PlainTensors();
        weight = new Parameter(empty(shape, dtype, device));
        bias = hasBias ? new Parameter(empty(shape[0], dtype, device)) : null;
        ResetParameters();
    }

    /// <summary>W, [out_features, in_features] of a linear map and [out_channels, in_channels / groups, kernel_size, …] of a convolution; the one it replaces is disposed.</summary>
    public Parameter weight
    {
        get => get_parameter(nameof(weight))!;
        set => Hold(nameof(weight), value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>b, a number for each output, or null; the one it replaces is disposed.</summary>
    public Parameter? bias
    {
        get => get_parameter(nameof(bias));
        set => Hold(nameof(bias), value);
    }

    /// <summary>Draws weight and bias anew as TorchSharp's layer does, uniform in ±1/√(weights of an output).</summary>
    public void ResetParameters()
    {
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is not { } offset) return;
        var bound = 1 / Math.Sqrt(weight.numel() / weight.size(0));
        nn.init.uniform_(offset, -bound, bound);
    }
}
