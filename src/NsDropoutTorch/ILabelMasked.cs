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
}
