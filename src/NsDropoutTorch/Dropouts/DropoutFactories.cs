using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>Factories of this namespace beside TorchSharp's own: <c>torch.nn.DropPath(0.2)</c>.</summary>
public static class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.DropConnectLinear(long, long, double, bool, DropConnectOptions?, Device?, ScalarType?)"/>
        public static DropConnectLinear DropConnectLinear(
            long inputSize, long outputSize, double p = 0.5, bool hasBias = true, DropConnectOptions? options = null, Device? device = null, ScalarType? dtype = null) =>
            new(inputSize, outputSize, p, hasBias, options, device, dtype);

        /// <inheritdoc cref="NsDropoutTorch.Dropouts.ConcreteDropout(long, double, ConcreteDropoutOptions?, Device?, ScalarType?)"/>
        public static ConcreteDropout ConcreteDropout(
            long numFeatures, double p = 0.1, ConcreteDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null) =>
            new(numFeatures, p, options, device, dtype);

        /// <inheritdoc cref="NsDropoutTorch.Dropouts.GaussianDropout(double)"/>
        public static GaussianDropout GaussianDropout(double p = 0.5) => new(p);

        /// <inheritdoc cref="NsDropoutTorch.Dropouts.VariationalDropout(long, double, double, Device?, ScalarType?)"/>
        public static VariationalDropout VariationalDropout(
            long numFeatures, double p = 0.1, double divergenceWeight = 1e-5, Device? device = null, ScalarType? dtype = null) =>
            new(numFeatures, p, divergenceWeight, device, dtype);

        /// <inheritdoc cref="NsDropoutTorch.Dropouts.DropBlock2d(double, long)"/>
        public static DropBlock2d DropBlock2d(double p = 0.1, long blockSize = 7) => new(p, blockSize);

        /// <inheritdoc cref="NsDropoutTorch.Dropouts.DropPath(double)"/>
        public static DropPath DropPath(double p = 0.5) => new(p);

        /// <inheritdoc cref="NsDropoutTorch.Dropouts.TargetedDropoutLinear(long, long, double, double, bool, bool, Device?, ScalarType?)"/>
        public static TargetedDropoutLinear TargetedDropoutLinear(
            long inputSize, long outputSize, double p = 0.5, double targetShare = 0.5, bool units = false, bool hasBias = true,
            Device? device = null, ScalarType? dtype = null) =>
            new(inputSize, outputSize, p, targetShare, units, hasBias, device, dtype);
    }
}
