using TorchSharp;
using static TorchSharp.torch;

namespace AugmentedFashion;

/// <summary>Consecutive samples of a data set, which stays its owner's; their images are transformed one by one, each time that they are asked for.</summary>
/// <param name="whole">The data set.</param>
/// <param name="start">The number of the first sample.</param>
/// <param name="count">How many.</param>
/// <param name="transform">From an image <c>[C,H,W]</c> to another; null leaves them as they are.</param>
internal sealed class Part(utils.data.Dataset whole, long start, long count, torchvision.ITransform? transform = null) : utils.data.Dataset
{
    public override long Count => count;

    public override Dictionary<string, Tensor> GetTensor(long index)
    {
        var sample = whole.GetTensor(start + index);
        if (transform is not null)
        {
            sample["data"] = transform.call(sample["data"]);
        }

        return sample;
    }
}
