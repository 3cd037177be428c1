namespace NsDropoutTorch.Training.Data;

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
