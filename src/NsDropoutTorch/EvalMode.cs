namespace NsDropoutTorch;

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
