using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Contestants;

/// <summary>The network that is trained here, and by <c>pytorch_training.py</c>: inputs–128–128–128–10 with ReLU.</summary>
internal static class Mlp
{
    /// <summary>A new one.</summary>
    /// <param name="inputs">Numbers of a sample.</param>
    /// <param name="layer">What stands behind the first ReLU; null: nothing.</param>
    public static Sequential Of(long inputs, nn.Module<Tensor, Tensor>? layer = null) => nn.Sequential(
        nn.Linear(inputs, 128), nn.ReLU(), layer ?? nn.Identity(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10));
}
