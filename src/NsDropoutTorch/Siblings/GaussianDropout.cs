using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Gaussian dropout: multiplies each element by a draw from N(1, p/(1−p)) in training mode, so that mean and variance are those of dropout at rate p
/// (Srivastava et al., JMLR 2014; docs/layers.md). The rate is fixed; <see cref="VariationalDropout"/> learns it.
/// </summary>
/// <remarks>A factor may be negative, and at large p is often.</remarks>
/// <param name="p">Drop rate in [0, 1) of the dropout that it resembles.</param>
/// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
public sealed class GaussianDropout(double p = 0.5)
    : DropoutModule(nameof(GaussianDropout), p)
{
    private protected override Tensor Train(Tensor input)
    {
        var noise = GaussianDropoutMath.Noise(input);
        var deviation = tensor(Math.Sqrt(GaussianDropoutMath.Alpha(p)), noise.dtype, noise.device);
        return GaussianDropoutMath.Apply(input, deviation, noise);
    }
}
