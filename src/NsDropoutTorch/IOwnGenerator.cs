using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>A layer whose random draws may come from a generator of its own, so that nothing else that draws changes them.</summary>
/// <remarks>
/// A generator is a setting and in no state dictionary, as in PyTorch; its state is saved with the checkpoints of a trainer, and a resumed run goes on to the same bits. Layers may share one.
/// TorchSharp makes generators of the host alone, so <c>new Generator(seed)</c> is the one to give on every device.
/// </remarks>
public interface IOwnGenerator
{
    /// <summary>Source of the draws, or, on a device, of the seed of each of them; null, the default, takes the generator of the input's device. The layer does not dispose it.</summary>
    Generator? generator { get; set; }
}
