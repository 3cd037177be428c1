using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// A linear map y = x·Wᵀ + b that drops some of its own weights. Parameters, their names and their initial values are those of TorchSharp's
/// <c>Linear</c>, so that state goes from one to the other.
/// </summary>
public abstract class LinearDropoutModule : WeightedDropoutModule
{
    private protected LinearDropoutModule(
        string name, long inputSize, long outputSize, double p, bool hasBias, Device? device, ScalarType? dtype)
        : base(name, p, Shape(inputSize, outputSize), hasBias, device, dtype) => (in_features, out_features) = (inputSize, outputSize);

    /// <summary>Number of inputs.</summary>
    public long in_features { get; }

    /// <summary>Number of outputs.</summary>
    public long out_features { get; }

    private protected override string Settings => string.Create(
        CultureInfo.InvariantCulture,
        $"in_features={in_features}, out_features={out_features}, p={p}, bias={bias is not null}");

    private protected override Tensor Evaluate(Tensor input) => nn.functional.linear(input, weight, bias);

    private protected override void CheckShape(Tensor input) => CheckRowsOf(in_features, input);

    private static long[] Shape(long inputSize, long outputSize)
    {
        Check.AtLeastOne(inputSize);
        Check.AtLeastOne(outputSize);
        return [outputSize, inputSize];
    }
}
