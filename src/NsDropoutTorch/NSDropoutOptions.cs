using System.Globalization;

namespace NsDropoutTorch;

/// <summary>
/// Choices of an <see cref="NSDropout"/>, <see cref="NSDropout2d"/> or <see cref="NSDropoutSequence"/> layer. Immutable; each value is checked where it is set,
/// so that an instance is always valid.
/// </summary>
public sealed record NSDropoutOptions
{
    /// <summary>Signed gap, one mask per class, batch statistics, scaled by the number dropped, backward like forward, identity in eval mode.</summary>
    public static NSDropoutOptions Default { get; } = new();

    /// <summary>
    /// The published layer in every detail: forward scaled by 1/(1−p) however many neurons are dropped, backward without that factor, and "inference" by the unscaled
    /// mask of the sample's true label. It reproduces published figures; it leaks labels (see <see cref="NsDropoutTorch.EvalMode.LabelMask"/>).
    /// </summary>
    public static NSDropoutOptions Reference { get; } = new()
    {
        ScaleByCount = false,
        ScaleBackward = false,
        EvalMode = EvalMode.LabelMask,
        ScaleEval = false,
    };

    /// <summary>
    /// The form to train with: needs no label, in training or after, and no mask tells one. Every sample's mask is drawn afresh, and half of a neuron's drop rate goes by the rank of its gap,
    /// taken over all rows (<see cref="GapShare"/>). Measured beside dropout in docs/results.md.
    /// </summary>
    public static NSDropoutOptions LabelFree { get; } = new() { SharedMask = true, GapShare = 0.5 };

    /// <summary>
    /// Draws every sample's mask afresh, as dropout does, with this share m of each neuron's drop rate decided by the rank of its gap: (1−m)·p + m·(its share of p), the
    /// larger the gap the larger the rate, with mean p over the neurons. Kept activations are divided by 1 minus the rate of their neuron, so that expectations agree, and
    /// every eval mode is the identity, unless <see cref="NSDropoutModule.DrawsInEval"/> is set. In [0, 1); null: masks that are not drawn. With <see cref="SharedMask"/> gaps are means over all rows and no label is
    /// needed; else they are means over the classes of the gaps of each, which takes the labels of training batches. Default: null.
    /// </summary>
    /// <remarks><see cref="ScaleByCount"/>, <see cref="ScaleEval"/> and <see cref="ScaleBackward"/> do not concern such masks.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double? GapShare
    {
        get;
        init => field = value is { } share ? Check.GapShare(share) : null;
    }

    /// <summary>How the rank of a gap becomes a share of the rate, where <see cref="GapShare"/> is set. Default: <see cref="GapRanking.Linear"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is no named ranking.</exception>
    public GapRanking Ranking
    {
        get;
        init => field = Check.Defined(value);
    }

    /// <summary>Ranks neurons by |gap| instead of the signed gap. Default: false.</summary>
    public bool AbsoluteGap { get; init; }

    /// <summary>
    /// Keeps the neurons with the largest gaps and drops the k smallest, as the reference's binary variant does. Default: false.
    /// </summary>
    public bool KeepLargest { get; init; }

    /// <summary>
    /// One mask for all classes, from means over all rows. Such a mask carries no label, and the layer asks for none. Default: false.
    /// </summary>
    public bool SharedMask { get; init; }

    /// <summary>
    /// Weight m of the newest batch in a running average of the training means, mean ← (1−m)·mean + m·batch, in (0, 1];
    /// null takes the means of the batch alone. For batches with few rows per class. Default: null.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in (0, 1].</exception>
    public double? Momentum
    {
        get;
        init => field = value is null or (> 0 and <= 1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), string.Create(CultureInfo.InvariantCulture, $"Momentum must be in (0, 1], but got {value}."));
    }

    /// <summary>Training steps that use Bernoulli dropout even when a validation cache exists. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long WarmupSteps
    {
        get;
        init => field = value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), Invariant($"WarmupSteps must be at least 0, but got {value}."));
    }

    /// <summary>What the layer does in eval mode at first. Default: <see cref="NsDropoutTorch.EvalMode.Identity"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is no named mode.</exception>
    public EvalMode EvalMode
    {
        get;
        init => field = Check.Defined(value);
    }

    /// <summary>
    /// Scales by F/(F−k) for the k neurons that a class's mask really drops, and not at all for a class without a mask. Where false, the factor is the
    /// reference's 1/(1−p) for every class, whatever the rounded k is. Ordinary dropout, before masks are computed, has 1/(1−p) in either case. Default: true.
    /// </summary>
    public bool ScaleByCount { get; init; } = true;

    /// <summary>Multiplies masked eval output by the factor of training; the reference does not. Default: true.</summary>
    public bool ScaleEval { get; init; } = true;

    /// <summary>Multiplies the gradient by the factor of the forward output; the reference does not. Default: true.</summary>
    public bool ScaleBackward { get; init; } = true;

    /// <summary>
    /// Keeps the captured activations, memory V·F, for those who want to look at them; the masks need only the statistics,
    /// memory C·F. Default: false.
    /// </summary>
    public bool KeepActivations { get; init; }
}

/// <summary>What a layer whose masks depend on labels does to its input in eval mode.</summary>
public enum EvalMode
{
    /// <summary>
    /// The input passes unchanged; no label is needed. It is the mean of training by ordinary dropout, but not of training by class masks, whose choice
    /// depends on the activations (docs/algorithm.md, "What eval mode does").
    /// </summary>
    Identity,

    /// <summary>The input is multiplied by the mean of the class masks, the mean of training over all labels; no label is needed.</summary>
    MeanMask,

    /// <summary>
    /// The input is multiplied by the mask of its own label. The labels must be given, and the mask tells the network
    /// what they are: a score taken in this mode is not a generalisation score (docs/algorithm.md, "Label leakage").
    /// </summary>
    LabelMask,
}
