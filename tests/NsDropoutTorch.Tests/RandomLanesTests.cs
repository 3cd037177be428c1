using System.Runtime.Intrinsics;
using NsDropoutTorch.Tests.Oracle;

namespace NsDropoutTorch.Tests;

/// <summary>The generators behind masks: their algorithm by published numbers, their quality by tests at the level of 0.1 %.</summary>
public class RandomLanesTests
{
    // What the authors' programs (prng.di.unimi.it) print for these seeds, as other libraries test themselves by.
    [Fact]
    public void Oracle_GivesThePublishedNumbers()
    {
        Assert.Equal(
            [41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205, 9973669472204895162, 14011001112246962877, 12406186145184390807],
            SlowMaskBits.Xoshiro(1, 2, 3, 4).Take(8));
        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            SlowMaskBits.SplitMix(1234567).Take(5));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1234567, 1)]
    [InlineData(ulong.MaxValue, 77)]
    [InlineData(5, int.MaxValue / 16)]
    public void Next_IsTheOraclesStream(ulong seed, int stream)
    {
        var expected = stream < 1000 ? SlowMaskBits.Stream(seed, stream) : SlowMaskBits.Stream(seed + ((ulong)stream * 16 * 0x9E3779B97F4A7C15), 0);
        Assert.Equal(expected.Take(800), Words(seed, stream, 100));
    }

    /// <summary>All bytes of all words, 255 degrees of freedom; the bounds are the quantiles 0.0005 and 0.9995.</summary>
    [Fact]
    public void Next_BytesAreEquallyFrequent()
    {
        var counts = new double[4, 256];
        const int words = 800_000;
        foreach (var word in Words(2026, 3, words / 8))
        {
            for (var part = 0; part < 4; part++)
                counts[part, (word >> (8 * part)) & 255]++;
        }

        for (var part = 0; part < 4; part++)
        {
            var square = Enumerable.Range(0, 256).Sum(value => Math.Pow(counts[part, value] - (words / 256.0), 2) / (words / 256.0));
            Assert.InRange(square, 187.1, 336);
        }
    }

    [Fact]
    public void Streams_OfOneSeedAndOfMany_ShareNoNumber()
    {
        var numbers = new HashSet<ulong>();
        var count = 0;
        for (var seed = 0UL; seed < 300; seed++)
        {
            for (var stream = 0; stream < 20; stream++)
            {
                var random = new RandomLanes(seed, stream);
                for (var i = 0; i < 5; i++, count += 4)
                {
                    var next = random.Next().AsUInt64();
                    numbers.UnionWith([next[0], next[1], next[2], next[3]]);
                }
            }
        }

        // 120,000 numbers of 64 bits are all different but for one case in 2.5 thousand million.
        Assert.Equal(count, numbers.Count);
    }

    private static List<uint> Words(ulong seed, int stream, int calls)
    {
        var random = new RandomLanes(seed, stream);
        var words = new List<uint>(8 * calls);
        for (var i = 0; i < calls; i++)
        {
            var next = random.Next().AsUInt32();
            for (var k = 0; k < 8; k++) words.Add(next[k]);
        }

        return words;
    }
}
