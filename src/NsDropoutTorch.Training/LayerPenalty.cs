namespace NsDropoutTorch.Training;

/// <summary>
/// A term Σ(l1·|w| + l2·w²) added to the loss over the parameters of one layer, with factors for weights and for biases apart.
/// Parameters whose own name is <c>bias</c> are biases, all others are weights.
/// </summary>
/// <param name="Layer">Name of the layer in the model, for instance <c>hidden1</c> or <c>encoder.0</c>.</param>
public sealed record LayerPenalty(string Layer)
{
    /// <summary>Factor on Σ|w| of the weights, at least 0.</summary>
    public double WeightL1 { get; init => field = Require.NotNegative(value, "weight L1"); }

    /// <summary>Factor on Σw² of the weights, at least 0.</summary>
    public double WeightL2 { get; init => field = Require.NotNegative(value, "weight L2"); }

    /// <summary>Factor on Σ|b| of the biases, at least 0.</summary>
    public double BiasL1 { get; init => field = Require.NotNegative(value, "bias L1"); }

    /// <summary>Factor on Σb² of the biases, at least 0.</summary>
    public double BiasL2 { get; init => field = Require.NotNegative(value, "bias L2"); }
}
