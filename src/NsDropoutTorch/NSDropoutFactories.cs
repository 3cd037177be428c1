using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>Factories beside TorchSharp's own: <c>torch.nn.NSDropout(128, 10, p: 0.2)</c>.</summary>
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

        /// <inheritdoc cref="NsDropoutTorch.DropConnectLinear(long, long, double, bool, DropConnectOptions?, Device?, ScalarType?)"/>
        public static DropConnectLinear DropConnectLinear(
            long inputSize, long outputSize, double p = 0.5, bool hasBias = true, DropConnectOptions? options = null, Device? device = null, ScalarType? dtype = null) =>
            new(inputSize, outputSize, p, hasBias, options, device, dtype);

        /// <inheritdoc cref="NsDropoutTorch.ConcreteDropout(long, double, ConcreteDropoutOptions?, Device?, ScalarType?)"/>
        public static ConcreteDropout ConcreteDropout(
            long numFeatures, double p = 0.1, ConcreteDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null) =>
            new(numFeatures, p, options, device, dtype);

        /// <inheritdoc cref="NsDropoutTorch.GaussianDropout(double)"/>
        public static GaussianDropout GaussianDropout(double p = 0.5) => new(p);

        /// <inheritdoc cref="NsDropoutTorch.VariationalDropout(long, double, double, Device?, ScalarType?)"/>
        public static VariationalDropout VariationalDropout(
            long numFeatures, double p = 0.1, double divergenceWeight = 1e-5, Device? device = null, ScalarType? dtype = null) =>
            new(numFeatures, p, divergenceWeight, device, dtype);

        /// <inheritdoc cref="NsDropoutTorch.DropBlock2d(double, long)"/>
        public static DropBlock2d DropBlock2d(double p = 0.1, long blockSize = 7) => new(p, blockSize);

        /// <inheritdoc cref="NsDropoutTorch.DropPath(double)"/>
        public static DropPath DropPath(double p = 0.5) => new(p);

        /// <inheritdoc cref="NsDropoutTorch.TargetedDropoutLinear(long, long, double, double, bool, bool, Device?, ScalarType?)"/>
        public static TargetedDropoutLinear TargetedDropoutLinear(
            long inputSize, long outputSize, double p = 0.5, double targetShare = 0.5, bool units = false, bool hasBias = true,
            Device? device = null, ScalarType? dtype = null) =>
            new(inputSize, outputSize, p, targetShare, units, hasBias, device, dtype);
    }
}
