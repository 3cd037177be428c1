using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Data;

/// <summary>Inputs and labels on a device, a row of each for every sample. Owns both tensors, outlives the dispose scope it is made in, and frees them on <see cref="Dispose"/>.</summary>
public sealed class TensorData : IDisposable
{
    /// <summary>Takes over both tensors; throws <see cref="ArgumentException"/> (and leaves them to the caller) unless they have one row a sample.</summary>
    /// <param name="inputs">Any dtype, shape [N,…]: measurements and images, token indices, …</param>
    /// <param name="labels">What is to be learnt, any dtype, shape [N,…]: class indices int64 [N] for a classification, numbers for a regression, a class a token or a pixel, …</param>
    public TensorData(Tensor inputs, Tensor labels)
    {
        if (inputs.dim() == 0)
            throw new ArgumentException("inputs must have one row a sample, shape [N,…], but got a scalar.", nameof(inputs));
        if (labels.dim() == 0)
            throw new ArgumentException("labels must have one row a sample, shape [N,…], but got a scalar.", nameof(labels));
        if (inputs.shape[0] != labels.shape[0])
            throw new ArgumentException(Invariant($"inputs and labels must have one row a sample, but got {inputs.shape[0]} inputs and {labels.shape[0]} labels."), nameof(labels));
        Inputs = inputs.DetachFromDisposeScope();
        Labels = labels.DetachFromDisposeScope();
    }

    /// <summary>Shape [N,…]; float32 where a data set made it.</summary>
    public Tensor Inputs { get; }

    /// <summary>Shape [N,…]; class indices, int64 [N], where a data set made it.</summary>
    public Tensor Labels { get; }

    /// <summary>The number of samples N.</summary>
    public long Count => Labels.shape[0];

    /// <summary>
    /// Images as float32: [N,C·H·W] where <paramref name="flatten"/>, else [N,C,H,W], scaled by <paramref name="scaling"/>
    /// (by default <see cref="PixelScaling.Symmetric"/>), on <paramref name="device"/> (by default the CPU).
    /// </summary>
    public static TensorData From(ImageSet images, PixelScaling? scaling = null, bool flatten = true, Device? device = null)
    {
        using var scope = NewDisposeScope();
        var inputs = Scale(ToFloat(images, device ?? CPU), scaling ?? PixelScaling.Symmetric, images);
        return new TensorData(flatten ? inputs.view(images.Count, images.PixelsPerImage) : inputs, ToInt64(images.Labels, device ?? CPU));
    }

    /// <summary>Measurements as they are, float32 [N,F]; standardise them before by <see cref="FeatureScaling"/>.</summary>
    public static TensorData From(TabularSet rows, Device? device = null)
    {
        using var scope = NewDisposeScope();
        var inputs = tensor(rows.Values, new long[] { rows.Count, rows.NumFeatures }).to(device ?? CPU);
        return new TensorData(inputs, ToInt64(rows.Labels, device ?? CPU));
    }

    /// <summary>A copy of the samples at <paramref name="indices"/> (int64 [M], on the same device), in that order.</summary>
    public TensorData Select(Tensor indices)
    {
        using var scope = NewDisposeScope();
        return new TensorData(Inputs.index_select(0, indices), Labels.index_select(0, indices));
    }

    /// <summary>A copy of the samples at <paramref name="indices"/>, in that order.</summary>
    public TensorData Select(long[] indices)
    {
        using var onDevice = tensor(indices, device: Inputs.device);
        return Select(onDevice);
    }

    /// <summary>
    /// Two copies that share no sample: of every class <paramref name="share"/> of its samples, drawn by <paramref name="seed"/>, are held out, and the rest is to fit to; where labels are
    /// no class indices (int64 [N]), of all samples. Both are the caller's to dispose.
    /// </summary>
    /// <param name="share">In (0, 1). Of a class with two samples or more either part has at least one; a single sample stays in the first.</param>
    /// <param name="seed">The same seed draws the same samples, on every machine.</param>
    /// <exception cref="ArgumentException"><paramref name="share"/> is outside its range, or a part would be empty.</exception>
    public (TensorData Fit, TensorData HeldOut) Split(double share, long seed = 0)
    {
        if (share is not (> 0 and < 1)) throw Require.Broken(string.Create(CultureInfo.InvariantCulture, $"share must be in (0, 1), but got {share}."));
        var (rest, part) = StratifiedHoldout.Split(Classes(), share, seed);
        if (part.Length == 0) throw Require.Broken($"data to split must have a class with at least two samples, but got {Count} samples and none.");
        return (Select([.. rest.Select(row => (long)row)]), Select([.. part.Select(row => (long)row)]));
    }

    /// <summary>Frees both tensors.</summary>
    public void Dispose()
    {
        Inputs.Dispose();
        Labels.Dispose();
    }

    private long[] Classes()
    {
        if (Labels.dtype != ScalarType.Int64 || Labels.dim() != 1) return new long[Count];
        using var labels = Labels.cpu();
        return labels.data<long>().ToArray();
    }

    // Bytes travel to the device before they grow to floats: a quarter of the traffic.
    private static Tensor ToFloat(ImageSet images, Device device)
    {
        if (images.Count == 0)
            return zeros([0, images.Channels, images.Height, images.Width], device: device);
        using var pixels = frombuffer(images.Pixels, ScalarType.Byte).to(device);
        return pixels.to(ScalarType.Float32).view(images.Count, images.Channels, images.Height, images.Width);
    }

    private static Tensor Scale(Tensor inputs, PixelScaling scaling, ImageSet images)
    {
        if (scaling.Means.Count != 1 && scaling.Means.Count != images.Channels)
            throw new ArgumentException(Invariant($"scaling must have one mean, or one for each of {images.Channels} channels, but got {scaling.Means.Count}."), nameof(scaling));
        for (var channel = 0; channel < scaling.Means.Count; channel++)
        {
            var part = scaling.Means.Count == 1 ? inputs : inputs.narrow(1, channel, 1);
            part.sub_(Scalars.Of(scaling.Means[channel] * images.MaxValue)).div_(Scalars.Of(scaling.Deviations[channel] * images.MaxValue));
        }

        return inputs;
    }

    private static Tensor ToInt64(byte[] labels, Device device) => labels.Length == 0
        ? zeros([0], dtype: ScalarType.Int64, device: device)
        : frombuffer(labels, ScalarType.Byte).to(device).to(ScalarType.Int64);
}
