using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Contestants;

/// <summary>A convolutional network of LeNet's size on flat square images.</summary>
internal static class SmallCnn
{
    /// <summary>A new one.</summary>
    /// <param name="inputs">Pixels of an image.</param>
    public static Sequential Of(long inputs)
    {
        var side = (long)Math.Sqrt(inputs);
        return nn.Sequential(
            nn.Unflatten(1, [1, side, side]), nn.Conv2d(1, 6, 5, padding: 2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5, padding: 2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(16 * (side / 4) * (side / 4), 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10));
    }
}
