using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Concrete dropout as pure functions on tensors (Gal, Hron, Kendall: "Concrete Dropout", NeurIPS 2017, arXiv 1705.07832).
/// The rate is given by its logit l, p = sigmoid(l), which keeps log p − log(1−p) exact near 0 and 1.
/// </summary>
public static class ConcreteDropoutMath
{
    /// <summary>
    /// The relaxed mask scaled like a dropout mask, (1 − sigmoid((l + log u − log(1−u))/t)) / (1 − p): near 0 or 1/(1−p) for a small t, and
    /// smooth in l. Its expectation is 1 as t goes to 0.
    /// </summary>
    /// <param name="logit">l, a scalar.</param>
    /// <param name="uniform">u, draws in [0, 1) of the mask's shape.</param>
    /// <param name="temperature">t, above 0.</param>
    /// <returns>A tensor of uniform's shape.</returns>
    public static Tensor Mask(Tensor logit, Tensor uniform, double temperature)
    {
        using var scope = NewDisposeScope();
        var kept = uniform.logit().add(logit).div(-temperature).sigmoid();
        return kept.div(logit.neg().sigmoid()).MoveToOuterDisposeScope();
    }

    /// <summary>The entropy of a Bernoulli(p) in nats, H = −p·log p − (1−p)·log(1−p) = softplus(l) − l·p.</summary>
    /// <param name="logit">l, a scalar.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Entropy(Tensor logit)
    {
        using var scope = NewDisposeScope();
        return nn.functional.softplus(logit).sub(logit.mul(logit.sigmoid())).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The paper's KL term for weights W that take inputs scaled by 1/(1−p): λ_w·ΣW²/(1−p) − λ_d·F·H(p). (The paper writes (1−p)·ΣM² with the
    /// unscaled weights M = W/(1−p).)
    /// </summary>
    /// <param name="logit">l, a scalar.</param>
    /// <param name="numFeatures">Number of features F that are dropped.</param>
    /// <param name="weight">W, the weights of the layer that follows; null leaves its term out.</param>
    /// <param name="weightRegularizer">λ_w.</param>
    /// <param name="dropoutRegularizer">λ_d.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Regularization(Tensor logit, long numFeatures, Tensor? weight, double weightRegularizer, double dropoutRegularizer)
    {
        using var scope = NewDisposeScope();
        var term = Entropy(logit).mul(-dropoutRegularizer * numFeatures);
        if (weight is not null)
            term = term.add(weight.square().sum(NSDropoutMath.StatisticsType(weight.dtype)).mul(weightRegularizer).div(logit.neg().sigmoid()));
        return term.MoveToOuterDisposeScope();
    }
}
