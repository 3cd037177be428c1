using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Layers;

/// <summary>Numbers that are the same everywhere, for which no engine's random stream is needed.</summary>
internal static class Seeded
{
    internal static double[] Numbers(int count, int seed = 1)
    {
        var state = (ulong)seed;
        return Enumerable.Range(0, count).Select(_ => Next(ref state)).ToArray();
    }

    internal static Tensor Tensor(int seed, params long[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        return tensor(Numbers((int)count, seed), shape);
    }

    private static double Next(ref ulong state)
    {
        // Knuth's MMIX generator; the upper bits, as a number in [-1, 1).
        state = unchecked((state * 6364136223846793005) + 1442695040888963407);
        return ((state >> 11) / (double)(1UL << 52)) - 1;
    }
}
