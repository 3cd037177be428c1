using System.IO.Compression;

namespace AugmentedFashion;

/// <summary>A temporary folder in which TorchVision finds a data set: <c>NAME/test_data/train-images-idx3-ubyte</c> and so on, not compressed. Deleted in the end.</summary>
internal sealed class TorchVisionFolder : IDisposable
{
    private static readonly string[] Names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    public string Path { get; } = Directory.CreateTempSubdirectory("torchvision-").FullName;

    /// <summary>Copies files into it and unpacks those that are compressed, whatever they are called.</summary>
    /// <param name="name">What TorchVision calls the data set: mnist, fashion-mnist or kmnist.</param>
    /// <param name="files">Training images and labels, test images and labels.</param>
    public void Add(string name, IReadOnlyList<string> files)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, name, "test_data")).FullName;
        foreach (var (source, target) in files.Zip(Names))
        {
            using var packed = File.OpenRead(source);
            var isCompressed = packed.ReadByte() == 0x1f;
            packed.Position = 0;
            using Stream plain = isCompressed ? new GZipStream(packed, CompressionMode.Decompress) : packed;
            using var copy = File.Create(System.IO.Path.Combine(folder, target));
            plain.CopyTo(copy);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
