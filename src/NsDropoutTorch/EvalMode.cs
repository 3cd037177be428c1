namespace NsDropoutTorch;

/// <summary>What a layer whose masks depend on labels does to its input in eval mode.</summary>
public enum EvalMode
{
    /// <summary>The input passes unchanged; no label is needed. The only mode that agrees with ordinary dropout.</summary>
    Identity,

    /// <summary>The input is multiplied by the mean of the class masks; no label is needed.</summary>
    MeanMask,

    /// <summary>
    /// The input is multiplied by the mask of its own label. The labels must be given, and the mask tells the network
    /// what they are: a score taken in this mode is not a generalisation score (docs/algorithm.md, "Label leakage").
    /// </summary>
    LabelMask,
}
