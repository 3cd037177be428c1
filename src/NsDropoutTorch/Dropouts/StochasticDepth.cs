using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// Stochastic depth: drops all that a residual branch adds, <c>x + drop(f(x))</c>, with probability p in training mode, so that the block is skipped
/// (arXiv 1603.09382; docs/layers.md). <see cref="StochasticDepthMath.Rate"/> gives the rates of the paper for the blocks of a network.
/// </summary>
/// <remarks>The branch that stays is scaled by 1/(1−p), where the paper scales at test.</remarks>
/// <param name="p">Drop rate in [0, 1]; with 1 the output is 0.</param>
/// <param name="mode">What a draw decides about: each sample by itself, as <see cref="DropPath"/> does, or the whole batch, as in the paper.</param>
/// <exception cref="ArgumentOutOfRangeException">p is out of range, or there is no such mode.</exception>
public sealed class StochasticDepth(double p = 0.5, StochasticDepthMode mode = StochasticDepthMode.Row)
    : DropoutModule(nameof(StochasticDepth), p, upToOne: true)
{
    /// <summary>What a draw decides about.</summary>
    public StochasticDepthMode mode { get; } = Check.Defined(mode);

    /// <summary>Whether each sample has a draw of its own.</summary>
    public override bool DrawsForEachRow => mode == StochasticDepthMode.Row;

    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"p={p}, mode={mode}");

    private protected override Tensor Train(Tensor input) => StochasticDepthMath.Drop(input, p, mode, generator);

    private protected override void CheckShape(Tensor input) => StochasticDepthMath.CheckShape(input, mode);
}

/// <summary>What one draw of stochastic depth decides about.</summary>
public enum StochasticDepthMode
{
    /// <summary>Each sample has a draw of its own.</summary>
    Row,

    /// <summary>One draw for the whole batch, so that a step spares the block altogether, or not at all.</summary>
    Batch,
}

/// <summary>
/// Stochastic depth as pure functions on tensors (Huang, Sun, Liu, Sedra, Weinberger: "Deep Networks with Stochastic Depth", ECCV 2016, arXiv 1603.09382).
/// </summary>
public static class StochasticDepthMath
{
    /// <summary>The linear rule of the paper: the deeper a block, the more often it is dropped, p = last · layer / layers.</summary>
    /// <param name="layer">Which block it is, from 1 to layers; 0 is the input, which is never dropped.</param>
    /// <param name="layers">Number of blocks, at least 1.</param>
    /// <param name="last">Rate of the last block in [0, 1]; the paper has 0.5.</param>
    /// <returns>The rate of the block.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static double Rate(long layer, long layers, double last)
    {
        Check.AtLeastOne(layers);
        Check.Share(last);
        return layer >= 0 && layer <= layers
            ? last * layer / layers
            : throw new ArgumentOutOfRangeException(nameof(layer), Invariant($"layer must be in [0, {layers}], but got {layer}."));
    }

    /// <summary>Which samples keep the branch, each with probability 1−p, or whether all do.</summary>
    /// <param name="input">[N, …]; of any shape for the whole batch.</param>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <param name="mode">What a draw decides about.</param>
    /// <param name="generator">Source of the draw; null takes the device's own.</param>
    /// <returns>Bool [N, 1, …], or [1, 1, …], of input's rank.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Mask(Tensor input, double p, StochasticDepthMode mode, Generator? generator = null)
    {
        Check.Share(p);
        var shape = Enumerable.Repeat(1L, (int)input.ndim).ToArray();
        if (mode == StochasticDepthMode.Row) shape[0] = input.size(0);
        return Draws.Fill(empty(shape, ScalarType.Bool, input.device), 1 - p, generator);
    }

    /// <summary>Applies a mask, y = m·x / (1−p); y = 0 for p = 1.</summary>
    /// <param name="input">x.</param>
    /// <param name="mask">m, Bool, of a shape that spreads over input's.</param>
    /// <param name="p">Drop rate in [0, 1].</param>
    /// <returns>A new tensor of input's shape and dtype.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
    public static Tensor Apply(Tensor input, Tensor mask, double p) => ScaledMask.Apply(input, mask, p);

    internal static Tensor Drop(Tensor input, double p, StochasticDepthMode mode, Generator? generator) => Apply(input, Mask(input, p, mode, generator), p);

    internal static void CheckShape(Tensor input, StochasticDepthMode mode)
    {
        if (mode == StochasticDepthMode.Row && input.ndim == 0)
            throw Check.WrongShape("[N, …]", input);
    }
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.StochasticDepth(double, StochasticDepthMode)"/>
        public static StochasticDepth StochasticDepth(double p = 0.5, StochasticDepthMode mode = StochasticDepthMode.Row) => new(p, mode);
    }
}
