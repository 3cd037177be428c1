using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>Choices of a <see cref="DropConnectLinear"/>. Immutable; each value is checked where it is set.</summary>
public sealed record DropConnectOptions
{
    /// <summary>One mask per batch, biases kept, mean weights in eval mode.</summary>
    public static DropConnectOptions Default { get; } = new();

    /// <summary>
    /// Draws a mask of the weights for every sample, as in the paper, at memory N·out·in; false draws one for the batch, at memory out·in. Default: false.
    /// </summary>
    public bool PerSample { get; init; }

    /// <summary>Drops biases at the same rate as weights, as in the paper. Default: false.</summary>
    public bool DropBias { get; init; }

    /// <summary>
    /// Applied to the linear map's output in both modes, so that the layer ends with the paper's activation a; null: none. Default: null.
    /// It must return a new tensor.
    /// </summary>
    public Func<Tensor, Tensor>? Activation { get; init; }

    /// <summary>
    /// Draws Z of the paper's Gaussian moment matching in eval mode: the output is the mean of <see cref="Activation"/> over them. Null takes
    /// the mean weights instead. Default: null.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? Samples
    {
        get;
        init => field = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), Invariant($"Samples must be at least 1, but got {value}."));
    }
}
