using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// What <see cref="MonteCarlo.Predict"/> found, on the model's device. Owns its tensors, outlives the dispose scope it is made in, and frees them on <see cref="Dispose"/>. Entropies are in nats.
/// </summary>
/// <remarks>
/// The predictive entropy is that of the mean probabilities, H(E p): all doubt. The expected entropy E H(p) is the doubt that remains within a sample, as of an image that is between two classes. Their difference is the mutual
/// information of answer and weights: how much the samples disagree, which is what a model shows where it has seen nothing like its input (Houlsby, Huszár, Ghahramani, Lengyel 2011, arXiv 1112.5745).
/// </remarks>
public sealed class MonteCarloPrediction : IDisposable
{
    private readonly Tensor? predictive;
    private readonly Tensor? expected;
    private readonly Tensor? mutual;

    private MonteCarloPrediction(int samples, Tensor mean, Tensor variance, (Tensor OfMean, Tensor Expected)? entropies)
    {
        (Samples, Mean, Variance) = (samples, mean.DetachFromDisposeScope(), variance.DetachFromDisposeScope());
        if (entropies is not var (ofMean, ofSamples)) return;
        // Never negative but for rounding.
        mutual = ofMean.sub(ofSamples).clamp_min_(Scalars.Of(0)).to(mean.dtype).DetachFromDisposeScope();
        (predictive, expected) = (ofMean.to(mean.dtype).DetachFromDisposeScope(), ofSamples.to(mean.dtype).DetachFromDisposeScope());
    }

    /// <summary>Number of samples S.</summary>
    public int Samples { get; }

    /// <summary>The mean of the samples, <c>[N,…]</c> of the outputs' shape: probabilities, or numbers. Float32, or Float64 where the outputs are.</summary>
    public Tensor Mean { get; }

    /// <summary>The variance of the samples, of <see cref="Mean"/>'s shape, without bias: Σ(y − mean)² / (S − 1).</summary>
    public Tensor Variance { get; }

    /// <summary>The entropy of the mean probabilities, H(E p): <c>[N,…]</c> without the classes' dimension.</summary>
    /// <exception cref="InvalidOperationException">The samples are no probabilities.</exception>
    public Tensor PredictiveEntropy => predictive ?? throw NoProbabilities();

    /// <summary>The mean of the samples' entropies, E H(p), of <see cref="PredictiveEntropy"/>'s shape.</summary>
    /// <exception cref="InvalidOperationException">The samples are no probabilities.</exception>
    public Tensor ExpectedEntropy => expected ?? throw NoProbabilities();

    /// <summary>The mutual information of answer and weights, H(E p) − E H(p), of <see cref="PredictiveEntropy"/>'s shape; at least 0.</summary>
    /// <exception cref="InvalidOperationException">The samples are no probabilities.</exception>
    public Tensor MutualInformation => mutual ?? throw NoProbabilities();

    /// <inheritdoc/>
    public void Dispose()
    {
        Mean.Dispose();
        Variance.Dispose();
        predictive?.Dispose();
        expected?.Dispose();
        mutual?.Dispose();
    }

    /// <summary>The prediction for all rows, from the sums of its pieces, which lie in the dispose scope of the caller.</summary>
    internal static MonteCarloPrediction Joined(IReadOnlyList<SampleSums> pieces, int samples)
    {
        using var scope = NewDisposeScope();
        (Tensor OfMean, Tensor Expected)[] entropies = [.. pieces.Select(piece => piece.Entropies()).OfType<(Tensor, Tensor)>()];
        return new(
            samples,
            cat([.. pieces.Select(piece => piece.Mean())]),
            cat([.. pieces.Select(piece => piece.Variance())]),
            entropies.Length == 0 ? null : (cat([.. entropies.Select(pair => pair.OfMean)]), cat([.. entropies.Select(pair => pair.Expected)])));
    }

    private static InvalidOperationException NoProbabilities() => new(
        "entropies must be of probabilities, but the samples are OutputKind.Values; take OutputKind.Classes or OutputKind.Binary, or go by the Variance.");
}
