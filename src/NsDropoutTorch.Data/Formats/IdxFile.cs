using System.Buffers.Binary;

namespace NsDropoutTorch.Data.Formats;

/// <summary>
/// The IDX format of MNIST and its relatives: a big-endian magic number, the sizes of the dimensions, then bytes.
/// Files are read gzip-compressed or plain, by their contents. Whatever is wrong is a <see cref="DataFormatException"/>.
/// </summary>
/// <remarks>Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".</remarks>
public static class IdxFile
{
    private const uint ImagesMagic = 0x00000803;
    private const uint LabelsMagic = 0x00000801;

    /// <summary>Reads N grey images and their N labels, each in [0, <paramref name="numClasses"/>).</summary>
    public static ImageSet Read(string imagesPath, string labelsPath, int numClasses = 256)
    {
        var labels = ReadLabels(labelsPath, numClasses);
        var (sizes, pixels) = ReadBytes(imagesPath, ImagesMagic, dimensions: 3);
        if (sizes[0] != labels.Length)
            throw new DataFormatException(Invariant($"Images and labels must be equally many, but {imagesPath} holds {sizes[0]} images and {labelsPath} {labels.Length} labels."));
        if (sizes[1] == 0 || sizes[2] == 0)
            throw new DataFormatException(Invariant($"Images must have at least one row and column, but {imagesPath} says {sizes[1]}x{sizes[2]}."));
        return new ImageSet(channels: 1, height: sizes[1], width: sizes[2], pixels, labels);
    }

    /// <summary>Reads labels, each in [0, <paramref name="numClasses"/>).</summary>
    public static byte[] ReadLabels(string path, int numClasses = 256)
    {
        var (_, labels) = ReadBytes(path, LabelsMagic, dimensions: 1);
        var row = Array.FindIndex(labels, label => label >= numClasses);
        return row < 0
            ? labels
            : throw new DataFormatException(Invariant($"labels must hold class indices in [0, {numClasses}), but got {labels[row]} at row {row} of {path}."));
    }

    private static (int[] Sizes, byte[] Bytes) ReadBytes(string path, uint magic, int dimensions) => DataFileReader.Read(path, (stream, mostBytes) =>
    {
        CheckMagic(ReadHeader(stream, 1, path)[0], magic, path);
        var sizes = ReadHeader(stream, dimensions, path);
        var length = sizes.Aggregate(1.0, (product, size) => product * size);
        if (length > Math.Min(mostBytes, Array.MaxLength))
            throw Truncated(path, sizes, $"cannot, with {new FileInfo(path).Length} bytes on disk");
        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        var found = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (found < bytes.Length)
            throw Truncated(path, sizes, Invariant($"holds {found}"));
        if (stream.ReadByte() >= 0)
            throw new DataFormatException($"An IDX file must end after the {Product(sizes)} bytes that its header promises, but {path} goes on: delete it and fetch it again.");
        return (Array.ConvertAll(sizes, size => (int)size), bytes);
    });

    private static uint[] ReadHeader(Stream stream, int count, string path)
    {
        var bytes = new byte[4 * count];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new DataFormatException($"An IDX file must begin with a magic number and its sizes, but {path} ends before: it is truncated; delete it and fetch it again.");
        return [.. Enumerable.Range(0, count).Select(i => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4 * i)))];
    }

    private static void CheckMagic(uint found, uint expected, string path)
    {
        if (found == expected)
            return;
        var repair = found is ImagesMagic or LabelsMagic ? "are images and labels swapped?" : "is it an IDX file of bytes?";
        throw new DataFormatException($"An IDX file of {Kind(expected)} must begin with the magic number 0x{expected:x8}, but {path} begins with 0x{found:x8}: {repair}");
    }

    private static DataFormatException Truncated(string path, uint[] sizes, string found) => new(
        $"An IDX file must hold the {Product(sizes)} bytes that its header promises, but {path} {found}: it is truncated or damaged; delete it and fetch it again.");

    private static string Kind(uint magic) => magic == ImagesMagic ? "images" : "labels";

    private static string Product(uint[] sizes) => string.Join("x", sizes);
}
