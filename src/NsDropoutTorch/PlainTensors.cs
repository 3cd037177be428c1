using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// A scope in which new tensors are plain ones, without graph and outside inference mode. State is made in it, because a tensor
/// made in inference mode can never again be changed in place outside of it.
/// </summary>
internal sealed class PlainTensors : IDisposable
{
    private readonly IDisposable normal = inference_mode(mode: false);

    // Leaving inference mode turns gradients on, hence second.
    private readonly IDisposable noGrad = no_grad();

    public void Dispose()
    {
        noGrad.Dispose();
        normal.Dispose();
    }
}
