using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Data.Tests;

public sealed class PatchesTests
{
    [Fact]
    public void Extract_OneImage_GivesPatchesAndLocationsInOrder()
    {
        using var image = tensor(new long[,,] { { { 1, 2, 3 }, { 4, 5, 6 } } });

        using var piece = Patches.Extract(image, [2]).Single();

        Assert.Equal([2, 1, 2, 2], piece.Patches.shape);
        Assert.Equal([1, 2, 4, 5, 2, 3, 5, 6], piece.Patches.data<long>());
        Assert.Equal([0, 0, 0, 1], piece.Locations.data<long>());
        Assert.Equal([0, 0], piece.Images.data<long>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(Patches.DefaultPieceBytes)]
    public void Extract_Batch_AgreesWithLoopsWhateverThePieces(long pieceBytes)
    {
        var values = Enumerable.Range(0, 2 * 3 * 5 * 4).Select(i => (float)i).ToArray();
        using var images = tensor(values, [2, 3, 5, 4]);
        int[] sizes = [4, 1, 3];

        var pieces = Patches.Extract(images, sizes, pieceBytes).Select(Read).ToArray();

        var expected = Loops(values, (2, 3, 5, 4), sizes);
        Assert.Equal(expected.Select(patch => patch.Place), pieces.SelectMany(piece => piece.Places));
        Assert.Equal(expected.SelectMany(patch => patch.Pixels), pieces.SelectMany(piece => piece.Pixels));
        Assert.All(pieces, piece => Assert.True(piece.Places.Length == 1 || piece.Pixels.Length * sizeof(float) <= pieceBytes));
    }

    [Fact]
    public void Extract_ViewThatIsNotContiguous_IsTheSame()
    {
        using var image = arange(24, dtype: ScalarType.Float32).reshape(1, 4, 6);
        using var turned = image.transpose(1, 2);
        using var copy = turned.contiguous();

        Assert.Equal(Patches.Extract(copy, [2]).Select(Read).Single().Pixels, Patches.Extract(turned, [2]).Select(Read).Single().Pixels);
    }

    [Fact]
    public void Extract_SizesOneToAll_GivesAsManyAsTheFormulaSays()
    {
        using var image = zeros(3, 32, 32);

        var count = Patches.Extract(image, Enumerable.Range(1, 32)).Select(Read).Sum(piece => piece.Places.Length * 3L);

        Assert.Equal(3 * Enumerable.Range(1, 32).Sum(side => side * side), count);
        Assert.Equal(34_320, count);
    }

    [Fact]
    public void Extract_NoImages_GivesNoPiece()
    {
        using var images = zeros(0, 1, 3, 3);

        Assert.Empty(Patches.Extract(images, [1, 2]));
    }

    [Fact]
    public void Extract_Gradients_CountHowOftenAPixelIsInAPatch()
    {
        using var image = ones(1, 3, 3).requires_grad_();
        using var piece = Patches.Extract(image, [2]).Single();

        piece.Patches.sum().backward();

        Assert.Equal([1, 2, 1, 2, 4, 2, 1, 2, 1], image.grad!.data<float>());
    }

    [Fact]
    public void Extract_InADisposeScope_OutlivesIt()
    {
        using var image = ones(1, 3, 3);
        PatchBatch piece;
        using (NewDisposeScope())
        {
            piece = Patches.Extract(image, [3]).Single();
        }

        using (piece)
        {
            Assert.Equal(9, piece.Patches.sum().ToSingle());
        }
    }

    [Fact]
    public void Extract_Enumerated_HoldsOnePieceAtATimeAndLeavesNothingBehind()
    {
        using var images = zeros(2, 1, 6, 6);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var pieces = Patches.Extract(images, [2, 3], pieceBytes: 100);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        foreach (var piece in pieces)
        {
            Assert.Equal(before + 3, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            piece.Dispose();
        }

        pieces.First().Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Extract_Broken_SaysTheRuleAtOnce()
    {
        using var image = zeros(1, 5, 4);
        using var row = zeros(1, 4);

        Assert.StartsWith("images must have shape [C,H,W] or [N,C,H,W], but got [1,4].", Message(() => Patches.Extract(row, [1])), StringComparison.Ordinal);
        Assert.StartsWith("sizes must be from 1 to the shorter side of the images, 4, but got 5.", Message(() => Patches.Extract(image, [1, 5])), StringComparison.Ordinal);
        Assert.StartsWith("sizes must be from 1 to the shorter side of the images, 4, but got 0.", Message(() => Patches.Extract(image, [0])), StringComparison.Ordinal);
        Assert.Equal("piece bytes must be at least 1, but got 0.", Message(() => Patches.Extract(image, [1], pieceBytes: 0)));

        static string Message(Func<object> act) => Assert.Throws<ArgumentException>(act).Message;
    }

    private static ((int Size, long Image, long Row, long Column)[] Places, float[] Pixels) Read(PatchBatch piece)
    {
        using (piece)
        {
            var (images, locations) = (piece.Images.data<long>().ToArray(), piece.Locations.data<long>().ToArray());
            return ([.. images.Select((image, i) => (piece.Size, image, locations[2 * i], locations[(2 * i) + 1]))], piece.Patches.data<float>().ToArray());
        }
    }

    private static List<((int Size, long Image, long Row, long Column) Place, float[] Pixels)> Loops(
        float[] values, (int N, int C, int H, int W) shape, int[] sizes)
    {
        var patches = new List<((int, long, long, long), float[])>();
        foreach (var size in sizes)
        {
            for (var n = 0; n < shape.N; n++)
            {
                for (var y = 0; y + size <= shape.H; y++)
                {
                    for (var x = 0; x + size <= shape.W; x++)
                    {
                        patches.Add(((size, n, y, x), Pixels(values, shape, size, n, y, x)));
                    }
                }
            }
        }

        return patches;
    }

    private static float[] Pixels(float[] values, (int N, int C, int H, int W) shape, int size, int n, int y, int x)
    {
        var pixels = new List<float>();
        for (var c = 0; c < shape.C; c++)
        {
            for (var dy = 0; dy < size; dy++)
            {
                for (var dx = 0; dx < size; dx++)
                {
                    pixels.Add(values[(((((n * shape.C) + c) * shape.H) + y + dy) * shape.W) + x + dx]);
                }
            }
        }

        return [.. pixels];
    }
}
