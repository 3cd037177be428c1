using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Data;

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
