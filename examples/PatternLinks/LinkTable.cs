using System.Runtime.InteropServices;
using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace PatternLinks;

/// <summary>
/// Which pattern is part of which, and which image belongs to which class. A pattern is a square patch with its location; it is part of the patches one pixel larger that contain it, the largest
/// patch is the image, and an image belongs to a class. So from a pattern of side n to a class there are (side of the image − n) + 1 links, by as many ways as images of the class contain it.
/// </summary>
/// <param name="classes">Number of classes.</param>
internal sealed class LinkTable(int classes)
{
    private readonly Dictionary<Pattern, int[]> ways = [];

    /// <summary>Adds the links of images whose classes are known.</summary>
    /// <param name="images">Levels of grey from 0 to 3, UInt8 [N,1,H,W].</param>
    /// <param name="labels">Their classes, [N].</param>
    public void Add(Tensor images, ReadOnlySpan<long> labels)
    {
        foreach (var (image, pattern) in PatternsOf(images))
        {
            if (!ways.TryGetValue(pattern, out var ofPattern))
                ways[pattern] = ofPattern = new int[classes];
            ofPattern[labels[(int)image]]++;
        }
    }

    /// <summary>The class of each image that is the fewest links away from one of its patterns; of several the one that most ways lead to.</summary>
    /// <param name="images">As for <see cref="Add"/>.</param>
    public int[] Nearest(Tensor images)
    {
        var side = (int)images.shape[^1];
        // Of each image and each side of patterns, the ways to each class.
        var votes = new int[images.shape[0], side + 1, classes];
        foreach (var (image, pattern) in PatternsOf(images))
        {
            for (var c = 0; c < classes && ways.TryGetValue(pattern, out var ofPattern); c++)
                votes[image, pattern.Side, c] += ofPattern[c];
        }

        return [.. Enumerable.Range(0, votes.GetLength(0)).Select(Fewest)];

        int Fewest(int image)
        {
            for (var size = side; size > 0; size--)
            {
                var best = Enumerable.Range(0, classes).MaxBy(c => votes[image, size, c]);
                if (votes[image, size, best] > 0) return best;
            }

            return 0;
        }
    }

    private static IEnumerable<(long Image, Pattern Pattern)> PatternsOf(Tensor images)
    {
        foreach (var batch in Patches.Extract(images, Enumerable.Range(1, (int)images.shape[^1])))
        {
            using (batch)
            {
                var (levels, of, locations) = (batch.Patches.contiguous().data<byte>().ToArray(), batch.Images.data<long>().ToArray(), batch.Locations.contiguous().data<long>().ToArray());
                var pixels = batch.Size * batch.Size;
                for (var i = 0; i < of.Length; i++)
                    yield return (of[i], new(batch.Size, locations[2 * i], locations[(2 * i) + 1], Bits(levels.AsSpan(i * pixels, pixels))));
            }
        }
    }

    private static UInt128 Bits(ReadOnlySpan<byte> levels)
    {
        var bits = UInt128.Zero;
        foreach (var level in levels)
            bits = (bits << 2) | level;
        return bits;
    }

    /// <summary>A square patch: its side, where its first pixel is, and its pixels, two bits each.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Pattern(int Side, long Row, long Column, UInt128 Pixels);
}
