using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torchvision;

namespace AugmentedFashion;

/// <summary>
/// Moves an image by up to <paramref name="padding"/> pixels in either direction and fills with 0. TorchVision 0.107 has no such transform, only the fixed crop that this places
/// at random; it draws from torch's generator, so that a seed governs it.
/// </summary>
/// <param name="padding">Pixels, at least 1.</param>
internal sealed class RandomCrop(int padding) : ITransform
{
    private readonly ITransform pad = transforms.Pad([padding, padding, padding, padding]);

    public Tensor call(Tensor input)
    {
        var (top, left) = (randint_int(0, (2 * padding) + 1), randint_int(0, (2 * padding) + 1));
        return transforms.Crop(top, left, (int)input.shape[^2], (int)input.shape[^1]).call(pad.call(input));
    }
}
