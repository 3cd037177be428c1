using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// <see cref="StochasticDepth"/> of single samples, by the name that vision transformers give it: drops a whole sample with probability p in training mode, to be put at
/// the end of a residual branch, <c>x + drop(f(x))</c>, so that the block is skipped for it (docs/layers.md).
/// </summary>
/// <param name="p">Drop rate in [0, 1]; with 1 the output is 0.</param>
/// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
public sealed class DropPath(double p = 0.5)
    : DropoutModule(nameof(DropPath), p, upToOne: true)
{
    private protected override Tensor Train(Tensor input) => StochasticDepthMath.Drop(input, p, StochasticDepthMode.Row, generator);

    private protected override void CheckShape(Tensor input) => StochasticDepthMath.CheckShape(input, StochasticDepthMode.Row);
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.DropPath(double)"/>
        public static DropPath DropPath(double p = 0.5) => new(p);
    }
}
