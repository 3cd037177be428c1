using System.Formats.Tar;

namespace NsDropoutTorch.Data.Formats;

/// <summary>
/// The "binary version" of CIFAR-10: records of one label byte and 3072 pixel bytes (1024 red, 1024 green, 1024 blue, row-major).
/// The number of records is taken from each batch's length, so subsets are read as well. Whatever is wrong is a <see cref="DataFormatException"/>.
/// </summary>
/// <remarks>A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.</remarks>
public static class CifarBinary
{
    /// <summary>The folder that holds the batches, in the archive and once extracted.</summary>
    public const string FolderName = "cifar-10-batches-bin";

    private const int PixelBytes = 3 * 32 * 32;
    private const int RecordBytes = 1 + PixelBytes;
    private const int MostNames = 8;
    private const string TestBatch = "test_batch.bin";

    /// <summary>airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>The batches among <paramref name="fileNames"/>, those of training in order and then the test batch.</summary>
    public static IReadOnlyList<string> BatchesAmong(IEnumerable<string> fileNames) =>
        [.. fileNames.Where(IsBatch).Order(StringComparer.Ordinal)];

    /// <summary>Reads the extracted batches in <paramref name="folder"/>: data_batch_*.bin to train, test_batch.bin to test.</summary>
    public static (ImageSet Train, ImageSet Test) ReadFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DataFormatException($"A data folder must exist, but {folder} does not.");
        var names = BatchesAmong(Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)));
        var batches = names.ToDictionary(name => name, name => ReadFile(Path.Combine(folder, name)), StringComparer.Ordinal);
        return Join(batches, folder);
    }

    /// <summary>Reads the batches in a tar file, compressed or not, without extracting it.</summary>
    public static (ImageSet Train, ImageSet Test) ReadArchive(string path)
    {
        var batches = DataFileReader.Read(path, (stream, _) => ReadEntries(stream, path));
        return Join(batches, path);
    }

    private static byte[] ReadFile(string path) => DataFileReader.ReadRaw(path, stream => ReadBatch(stream, stream.Length, path));

    private static Dictionary<string, byte[]> ReadEntries(Stream stream, string path)
    {
        var batches = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var names = ReadEntries(stream, path, batches);
        return batches.Count > 0 ? batches : throw new DataFormatException(
            $"A tar archive must hold CIFAR-10 batches (data_batch_1.bin, …, {TestBatch}), but {path} holds {(names.Count == 0 ? "nothing" : string.Join(", ", names.Take(MostNames)))}: "
            + "extract it, and give the file or folder in it.");
    }

    private static List<string> ReadEntries(Stream stream, string path, Dictionary<string, byte[]> batches)
    {
        var names = new List<string>();
        var sensor = new EndSensor(stream);
        try
        {
            using var tar = new TarReader(sensor);
            while (tar.GetNextEntry() is { } entry)
            {
                names.Add(entry.Name);
                if (IsBatch(Path.GetFileName(entry.Name)) && entry.DataStream is { } data)
                    batches[Path.GetFileName(entry.Name)] = ReadBatch(data, entry.Length, $"{entry.Name} in {path}");
            }

        }
        catch (EndOfStreamException e)
        {
            throw Truncated(path, e);
        }

        // A tar file says itself where it ends.
        return sensor.HasEnded ? throw Truncated(path, null) : names;
    }

    private static DataFormatException Truncated(string path, Exception? inner) =>
        new($"A tar file must be whole, but {path} is truncated: delete it and fetch it again.", inner!);

    private static byte[] ReadBatch(Stream stream, long length, string name)
    {
        if (length == 0 || length % RecordBytes != 0 || length > Array.MaxLength)
            throw new DataFormatException(Invariant($"A CIFAR-10 batch must be records of {RecordBytes} bytes, but {name} has {length} bytes, no whole number of them: delete it and fetch it again."));
        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static (ImageSet Train, ImageSet Test) Join(Dictionary<string, byte[]> batches, string source)
    {
        if (!batches.Remove(TestBatch, out var test) || batches.Count == 0)
        {
            var missing = test is null ? TestBatch : "data_batch_*.bin";
            throw new DataFormatException($"CIFAR-10 needs {TestBatch} and at least one data_batch_*.bin, but {source} has no {missing}.");
        }

        var train = BatchesAmong(batches.Keys).Select(name => (name, batches[name]));
        return (ToImages([.. train], source), ToImages([(TestBatch, test)], source));
    }

    private static ImageSet ToImages((string Name, byte[] Bytes)[] batches, string source)
    {
        var count = batches.Sum(batch => batch.Bytes.Length / RecordBytes);
        var labels = new byte[count];
        var pixels = GC.AllocateUninitializedArray<byte>(count * PixelBytes);
        var row = 0;
        foreach (var (name, bytes) in batches)
        {
            for (var start = 0; start < bytes.Length; start += RecordBytes, row++)
            {
                if (bytes[start] >= ClassNames.Count)
                    throw new DataFormatException(Invariant($"labels must hold class indices in [0, {ClassNames.Count}), but got {bytes[start]} in record {start / RecordBytes} of {name} in {source}."));
                labels[row] = bytes[start];
                bytes.AsSpan(start + 1, PixelBytes).CopyTo(pixels.AsSpan(row * PixelBytes));
            }
        }

        return new ImageSet(channels: 3, height: 32, width: 32, pixels, labels);
    }

    private static bool IsBatch(string fileName) =>
        fileName == TestBatch || (fileName.StartsWith("data_batch_", StringComparison.Ordinal) && fileName.EndsWith(".bin", StringComparison.Ordinal));
}

/// <summary>A stream that remembers whether somebody asked for more than there was.</summary>
internal sealed class EndSensor(Stream stream) : ReadOnlyStream
{
    /// <summary>Whether a read came to the end.</summary>
    public bool HasEnded { get; private set; }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = stream.Read(buffer);
        HasEnded |= count == 0 && buffer.Length > 0;
        return count;
    }
}
