using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// A module that shapes its output by class masks. A leakage audit finds such modules by this interface, and asks them
/// to evaluate with the true label, with a wrong one and with none.
/// </summary>
public interface ILabelMasked
{
    /// <summary>What the module does in eval mode; may be changed at any time.</summary>
    EvalMode EvalMode { get; set; }

    /// <summary>Whether a label decides which mask a sample gets; false for a mask that all classes share.</summary>
    bool UsesLabels { get; }

    /// <summary>The masks, Bool [G, F], true where a neuron is kept: a row for each class, or one row that all share. The module's own tensor.</summary>
    Tensor class_masks { get; }

    /// <summary>
    /// What the module chose its masks by in its last training step: how much more active each neuron was in training than in validation. A new tensor
    /// [G, F] that is the caller's; NaN for a class whose mask was not chosen then, and for all classes before the first such step.
    /// </summary>
    Tensor Gaps();
}
