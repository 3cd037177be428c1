using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>Random numbers of the generator of a tensor's device, or of one that a layer was given.</summary>
/// <remarks>
/// TorchSharp makes generators of the host alone: its <c>new Generator(seed, CUDA)</c> is one too, and libtorch refuses it there. It draws a seed for each draw on a device, whose numbers are then <see cref="SplitMix"/>.
/// </remarks>
internal static class Draws
{
    /// <summary>Ones at the probabilities given, and zeros.</summary>
    /// <param name="p">In [0, 1], Float32 or Float64.</param>
    /// <param name="generator">One of the host; null takes that of p's device.</param>
    /// <returns>A new tensor of p's shape and dtype.</returns>
    public static Tensor Bernoulli(Tensor p, Generator? generator) =>
        IsLibtorchs(p.device, generator) ? bernoulli(p, generator) : SplitMix.Uniform(MaskBits.Seed(generator), p.shape, p.dtype, p.device).lt(p).to(p.dtype);

    /// <summary>Fills a tensor with ones at probability p, and zeros.</summary>
    /// <returns>The tensor.</returns>
    public static Tensor Fill(Tensor target, double p, Generator? generator) => IsLibtorchs(target.device, generator)
        ? target.bernoulli_(p, generator)
        : target.copy_(SplitMix.Bernoulli(MaskBits.Seed(generator), target.shape, p, target.device));

    /// <summary>Standard normal numbers, Float32 or Float64.</summary>
    public static Tensor Normal(long[] shape, ScalarType dtype, Device device, Generator? generator) =>
        IsLibtorchs(device, generator) ? randn(shape, dtype, device, generator: generator) : SplitMix.Normal(MaskBits.Seed(generator), shape, dtype, device);

    /// <summary>Numbers spread evenly between 0 and 1, Float32 or Float64.</summary>
    public static Tensor Uniform(long[] shape, ScalarType dtype, Device device, Generator? generator) =>
        IsLibtorchs(device, generator) ? rand(shape, dtype, device, generator: generator) : SplitMix.Uniform(MaskBits.Seed(generator), shape, dtype, device);

    private static bool IsLibtorchs(Device device, Generator? generator) => generator is null || device.type == DeviceType.CPU;
}
