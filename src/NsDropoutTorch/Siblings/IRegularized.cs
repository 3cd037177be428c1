using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// A module that brings a term of its own to the loss. Trainers add the terms of all such modules to the loss of each step, and know the
/// modules by this interface alone.
/// </summary>
public interface IRegularized
{
    /// <summary>The term as of now, to be minimised with the mean loss of the batch.</summary>
    /// <returns>A new scalar tensor in the graph of the module's parameters.</returns>
    Tensor Regularization();
}
