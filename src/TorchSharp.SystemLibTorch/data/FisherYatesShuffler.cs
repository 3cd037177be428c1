using System.Collections;

namespace TorchSharp.Utils;

/// <summary>A permutation, a new one at each enumeration, or the same one where a seed is given: TorchSharp's, number for number.</summary>
public class FisherYatesShuffler : IEnumerable<long>
{
    private readonly long _size;
    private readonly int? _seed;

    public FisherYatesShuffler(long size, int? seed = null)
    {
        _size = size;
        _seed = seed;
    }

    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)Permutation()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private long[] Permutation()
    {
        var random = _seed is null ? new Random() : new Random(_seed.Value);
        var order = new long[_size];
        for (long i = 0; i < _size; i++)
        {
            var other = (((long)random.Next() << 32) + (uint)random.Next()) % (i + 1);
            order[i] = order[other];
            order[other] = i;
        }

        return order;
    }
}
