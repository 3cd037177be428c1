using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Data;

/// <summary>All square patches of images, with their locations.</summary>
public static class Patches
{
    /// <summary>Bytes of patches at once, unless another number is given.</summary>
    public const long DefaultPieceBytes = 5_000_000;

    /// <summary>
    /// Every n×n patch for each n of <paramref name="sizes"/>, in that order; those of one size image by image and row by row. An image of H×W pixels has
    /// (H−n+1)·(W−n+1) of them.
    /// </summary>
    /// <remarks>
    /// Made as they are asked for, in pieces of at most <paramref name="pieceBytes"/> each (though never less than one patch), so dispose each piece before the next:
    /// <code>
    /// foreach (var piece in Patches.Extract(images, [1, 3]))
    ///     using (piece) …
    /// </code>
    /// </remarks>
    /// <param name="images">[C,H,W] or [N,C,H,W], any dtype; must live as long as pieces are asked for. Gradients of the patches flow back to it.</param>
    /// <param name="sizes">Sides n, each from 1 to the shorter side of the images.</param>
    /// <param name="pieceBytes">Bytes of patches at once, at least 1.</param>
    /// <exception cref="ArgumentException">The images have another shape, a size does not fit them, or <paramref name="pieceBytes"/> is too small.</exception>
    public static IEnumerable<PatchBatch> Extract(Tensor images, IEnumerable<int> sizes, long pieceBytes = DefaultPieceBytes)
    {
        if (images.ndim is not (3 or 4))
            throw new ArgumentException($"images must have shape [C,H,W] or [N,C,H,W], but got [{string.Join(",", images.shape)}].", nameof(images));
        Require.AtLeast(1, pieceBytes, "piece bytes");
        var shorter = Math.Min(images.shape[^1], images.shape[^2]);
        int[] checkedSizes = [.. sizes];
        var misfit = Array.FindIndex(checkedSizes, size => size < 1 || size > shorter);
        return misfit < 0
            ? checkedSizes.SelectMany(size => OfSize(images, size, pieceBytes))
            : throw new ArgumentException(Invariant($"sizes must be from 1 to the shorter side of the images, {shorter}, but got {checkedSizes[misfit]}."), nameof(sizes));
    }

    private static IEnumerable<PatchBatch> OfSize(Tensor images, int size, long pieceBytes)
    {
        var grid = new PatchGrid(images.shape, size);
        var patchBytes = images.shape[^3] * size * size * images.element_size();
        var patches = Math.Max(1, pieceBytes / Math.Max(1, patchBytes));
        for (var start = 0L; start < grid.Count; start += patches)
            yield return Piece(images, grid, start, Math.Min(patches, grid.Count - start));
    }

    // No dispose scope may be open across a yield, so each piece has its own.
    private static PatchBatch Piece(Tensor images, PatchGrid grid, long start, long length)
    {
        using var scope = NewDisposeScope();
        var batch = images.ndim == 3 ? images.unsqueeze(0) : images;
        var windows = batch.unfold(2, grid.Size, 1).unfold(3, grid.Size, 1).permute(0, 2, 3, 1, 4, 5);
        var (image, location) = grid.Places(start, length);
        var (imageIndex, locations) = (tensor(image, device: images.device), tensor(location, device: images.device));
        return new(grid.Size, windows.index(imageIndex, locations.select(1, 0), locations.select(1, 1)), imageIndex, locations);
    }
}

/// <summary>
/// Patches of one size with the places they were taken from. Owns its tensors, outlives the dispose scope it is made in, and frees them on <see cref="Dispose"/>.
/// </summary>
public sealed class PatchBatch : IDisposable
{
    internal PatchBatch(int size, Tensor patches, Tensor images, Tensor locations)
    {
        Size = size;
        Patches = patches.DetachFromDisposeScope();
        Images = images.DetachFromDisposeScope();
        Locations = locations.DetachFromDisposeScope();
    }

    /// <summary>The side n of the patches.</summary>
    public int Size { get; }

    /// <summary>The patches, of the images' dtype and on their device, shape [M,C,n,n].</summary>
    public Tensor Patches { get; }

    /// <summary>The image each patch is of, Int64 [M].</summary>
    public Tensor Images { get; }

    /// <summary>Row and column of each patch's first pixel, Int64 [M,2].</summary>
    public Tensor Locations { get; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Patches.Dispose();
        Images.Dispose();
        Locations.Dispose();
    }
}

/// <summary>The places of all patches of one size: image by image, row by row.</summary>
/// <param name="shape">Shape of the images, [C,H,W] or [N,C,H,W].</param>
/// <param name="size">The side n.</param>
internal sealed class PatchGrid(long[] shape, int size)
{
    private readonly long rows = shape[^2] - size + 1;
    private readonly long columns = shape[^1] - size + 1;

    public int Size => size;

    /// <summary>Number of patches of all images.</summary>
    public long Count => (shape.Length == 4 ? shape[0] : 1) * rows * columns;

    /// <summary>Image [M], and row and column [M,2], of <paramref name="length"/> consecutive patches.</summary>
    public (long[] Images, long[,] Locations) Places(long start, long length)
    {
        var images = new long[length];
        var locations = new long[length, 2];
        for (var i = 0L; i < length; i++)
        {
            (images[i], var place) = Math.DivRem(start + i, rows * columns);
            (locations[i, 0], locations[i, 1]) = Math.DivRem(place, columns);
        }

        return (images, locations);
    }
}
