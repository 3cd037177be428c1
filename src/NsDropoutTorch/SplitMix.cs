using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Random numbers that follow from a seed, computed by tensor operators and so on any device, which is not waited for: word i of a tensor is word i of SplitMix64 (Steele, Lea, Flood: "Fast Splittable
/// Pseudorandom Number Generators", OOPSLA 2014).
/// </summary>
internal static class SplitMix
{
    private const long Step = unchecked((long)0x9E3779B97F4A7C15); // 2⁶⁴ divided by the golden ratio.

    /// <summary>64 random bits each, Int64.</summary>
    public static Tensor Words(ulong seed, long[] shape, Device device)
    {
        using var scope = NewDisposeScope();
        var words = arange(Scalars.Of(1), Scalars.Of(shape.Aggregate(1L, (count, size) => count * size) + 1), Scalars.Of(1), ScalarType.Int64, device)
            .mul_(Scalars.Of(Step)).add_(Scalars.Of((long)seed), Scalars.One);
        Mix(30).mul_(Scalars.Of(unchecked((long)0xBF58476D1CE4E5B9)));
        Mix(27).mul_(Scalars.Of(unchecked((long)0x94D049BB133111EB)));
        return Mix(31).view(shape).MoveToOuterDisposeScope();

        // Shifts of Int64 bring in copies of the sign, which the mask takes away.
        Tensor Mix(int shift) => words.bitwise_xor_(words.bitwise_right_shift(tensor((long)shift)).bitwise_and_(tensor((long)(ulong.MaxValue >> shift))));
    }

    /// <summary>True with probability p, to the nearest 2⁻⁶².</summary>
    public static Tensor Bernoulli(ulong seed, long[] shape, double p, Device device)
    {
        const long count = 1L << 62;
        using var scope = NewDisposeScope();
        return Low(seed, shape, count, device).lt(Scalars.Of((long)(p * count))).MoveToOuterDisposeScope();
    }

    /// <summary>Spread evenly over (k + ½)/2ⁿ, so that neither 0 nor 1 is one of them: n is 52 for Float64 and 23 for Float32.</summary>
    public static Tensor Uniform(ulong seed, long[] shape, ScalarType dtype, Device device)
    {
        var count = 1L << (dtype == ScalarType.Float64 ? 52 : 23);
        using var scope = NewDisposeScope();
        return Low(seed, shape, count, device).to(dtype).add_(Scalars.Of(0.5), Scalars.One).mul_(Scalars.Of(1.0 / count)).MoveToOuterDisposeScope();
    }

    /// <summary>Standard normal, by the inverse of their distribution function: √2·erf⁻¹(2u − 1).</summary>
    public static Tensor Normal(ulong seed, long[] shape, ScalarType dtype, Device device) => Uniform(seed, shape, dtype, device).mul_(Scalars.Of(2)).sub_(Scalars.Of(1)).erfinv_().mul_(Scalars.Of(Math.Sqrt(2)));

    // Numbers below a power of two.
    private static Tensor Low(ulong seed, long[] shape, long count, Device device) => Words(seed, shape, device).bitwise_and_(tensor(count - 1));
}
