using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Neuron specific dropout: in each class, drops the k = round(p·F) neurons that are most active in training compared with
/// validation (arXiv 2201.06938; docs/algorithm.md).
/// </summary>
/// <remarks>
/// <code>
/// var model = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.NSDropout(128, 10, p: 0.2), torch.nn.Linear(128, 10));
/// using (LabelScope.Use(labels)) logits = model.call(x);              // training step
/// using var capture = ValidationCapture.Begin(model);                 // once per epoch, around a validation pass in eval mode
/// …
/// capture.Complete();
/// </code>
/// </remarks>
public sealed class NSDropout : NSDropoutModule
{
    /// <summary>Creates the layer; until validation activations are captured it is ordinary dropout.</summary>
    /// <param name="num_features">Number of neurons F.</param>
    /// <param name="num_classes">Number of classes C.</param>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <param name="options">Choices; null takes <see cref="NSDropoutOptions.Default"/>.</param>
    /// <param name="device">Where the buffers live.</param>
    /// <param name="dtype">Floating dtype of the input; statistics take Float64 for Float64, else Float32.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public NSDropout(
        long num_features, long num_classes, double p = 0.5, NSDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null)
        : base(nameof(NSDropout), num_features, num_classes, p, options, device, dtype)
    {
    }

    private protected override string InputShape => Invariant($"[N, {num_features}]");

    private protected override bool Fits(Tensor input) => input.ndim == 2 && input.size(1) == num_features;

    private protected override Tensor Features(Tensor units) => units;
}

/// <summary>
/// Neuron specific dropout of whole channels: <see cref="NSDropout"/> on the spatial means of [N, C, H, W], its masks applied to
/// every position of a channel, as <c>Dropout2d</c> is to <c>Dropout</c>.
/// </summary>
public sealed class NSDropout2d : NSDropoutModule
{
    /// <summary>Creates the layer; until validation activations are captured it is ordinary channel dropout.</summary>
    /// <param name="num_features">Number of channels.</param>
    /// <param name="num_classes">Number of classes C.</param>
    /// <param name="p">Drop rate in [0, 1).</param>
    /// <param name="options">Choices; null takes <see cref="NSDropoutOptions.Default"/>.</param>
    /// <param name="device">Where the buffers live.</param>
    /// <param name="dtype">Floating dtype of the input; statistics take Float64 for Float64, else Float32.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public NSDropout2d(
        long num_features, long num_classes, double p = 0.5, NSDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null)
        : base(nameof(NSDropout2d), num_features, num_classes, p, options, device, dtype)
    {
    }

    private protected override string InputShape => Invariant($"[N, {num_features}, H, W]");

    private protected override bool Fits(Tensor input) => input.ndim == 4 && input.size(1) == num_features;

    private protected override Tensor Features(Tensor units)
    {
        using var noGrad = no_grad();
        return units.mean([2L, 3L], type: NSDropoutMath.StatisticsType(units.dtype));
    }
}

/// <summary>Factories of this namespace beside TorchSharp's own: <c>torch.nn.NSDropout(128, 10, p: 0.2)</c>.</summary>
public static partial class NSDropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.NSDropout(long, long, double, NSDropoutOptions?, Device?, ScalarType?)"/>
        public static NSDropout NSDropout(
            long num_features, long num_classes, double p = 0.5, NSDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null) =>
            new(num_features, num_classes, p, options, device, dtype);

        /// <inheritdoc cref="NsDropoutTorch.NSDropout2d(long, long, double, NSDropoutOptions?, Device?, ScalarType?)"/>
        public static NSDropout2d NSDropout2d(
            long num_features, long num_classes, double p = 0.5, NSDropoutOptions? options = null, Device? device = null, ScalarType? dtype = null) =>
            new(num_features, num_classes, p, options, device, dtype);
    }
}
