using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// A linear map y = x·Wᵀ + b that drops some of its own weights. Parameters, their names and their initial values are those of TorchSharp's
/// <c>Linear</c>, so that state goes from one to the other.
/// </summary>
public abstract class LinearDropoutModule : DropoutModule
{
    private protected LinearDropoutModule(
        string name, long inputSize, long outputSize, double p, bool hasBias, Device? device, ScalarType? dtype)
        : base(name, p, upToOne: true)
    {
        Check.AtLeastOne(inputSize);
        Check.AtLeastOne(outputSize);
        (in_features, out_features) = (inputSize, outputSize);
        using var plain = new PlainTensors();
        weight = new Parameter(empty(outputSize, inputSize, dtype, device));
        bias = hasBias ? new Parameter(empty(outputSize, dtype, device)) : null;
        ResetParameters();
    }

    /// <summary>Number of inputs.</summary>
    public long in_features { get; }

    /// <summary>Number of outputs.</summary>
    public long out_features { get; }

    /// <summary>W [out_features, in_features]; the one it replaces is disposed.</summary>
    public Parameter weight
    {
        get => get_parameter(nameof(weight))!;
        set => Hold(nameof(weight), value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>b [out_features], or null; the one it replaces is disposed.</summary>
    public Parameter? bias
    {
        get => get_parameter(nameof(bias));
        set => Hold(nameof(bias), value);
    }

    /// <summary>Draws weight and bias anew as TorchSharp's <c>Linear</c> does, uniform in ±1/√in_features.</summary>
    public void ResetParameters()
    {
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is not { } offset) return;
        var bound = 1 / Math.Sqrt(in_features);
        nn.init.uniform_(offset, -bound, bound);
    }

    private protected override string Settings => string.Create(
        CultureInfo.InvariantCulture,
        $"in_features={in_features}, out_features={out_features}, p={p}, bias={bias is not null}");

    private protected override Tensor Evaluate(Tensor input) => nn.functional.linear(input, weight, bias);

    private protected override void CheckShape(Tensor input) => CheckRowsOf(in_features, input);
}
