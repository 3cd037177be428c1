using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>A layer whose random draws may come from a generator of its own, so that nothing else that draws changes them.</summary>
/// <remarks>
/// A generator is a setting and in no state dictionary, as in PyTorch; its state is saved with the checkpoints of a trainer, and a resumed run goes on to the same bits. Layers may share one.
/// </remarks>
public interface IOwnGenerator
{
    /// <summary>Source of the draws, on the device of the inputs; null, the default, takes that device's own. The layer does not dispose it.</summary>
    Generator? generator { get; set; }
}
