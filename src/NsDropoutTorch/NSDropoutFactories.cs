using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>Factories of this namespace beside TorchSharp's own: <c>torch.nn.NSDropout(128, 10, p: 0.2)</c>.</summary>
public static class NSDropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.NSDropout(long, long, double, NSDropoutOptions?, Device?, ScalarType?)"/>
        public static NSDropout NSDropout(
            long numFeatures, long numClasses, double p = 0.5, NSDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null) =>
            new(numFeatures, numClasses, p, options, device, dtype);

        /// <inheritdoc cref="NsDropoutTorch.NSDropout2d(long, long, double, NSDropoutOptions?, Device?, ScalarType?)"/>
        public static NSDropout2d NSDropout2d(
            long numFeatures, long numClasses, double p = 0.5, NSDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null) =>
            new(numFeatures, numClasses, p, options, device, dtype);
    }
}
