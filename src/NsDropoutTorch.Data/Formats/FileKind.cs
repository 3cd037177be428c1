namespace NsDropoutTorch.Data.Formats;

/// <summary>Tells kinds of files by their first bytes, so that none is taken for a text that it is not.</summary>
internal static class FileKind
{
    private const int HeadLength = 512;
    private const int TarMark = 257;

    private static readonly (byte[] Head, string Kind, string Repair)[] Known =
    [
        ([0x50, 0x4b, 0x03, 0x04], "a zip archive (or a workbook of Excel)", "extract it, or save the sheet as CSV, and give that file"),
        ([0xd0, 0xcf, 0x11, 0xe0], "a workbook of Excel", "save the sheet as CSV and give that file"),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], "compressed with xz", "unpack it with `xz -d` and give that file"),
        ([0x42, 0x5a, 0x68], "compressed with bzip2", "unpack it with `bzip2 -d` and give that file"),
        ([0x28, 0xb5, 0x2f, 0xfd], "compressed with zstd", "unpack it with `zstd -d` and give that file"),
        ([0x04, 0x22, 0x4d, 0x18], "compressed with lz4", "unpack it with `lz4 -d` and give that file"),
        ([0x1f, 0x8b], "compressed with gzip twice", "unpack it once with `gzip -d` and give that file"),
        ([0x1f, 0x9d], "compressed with compress", "unpack it with `gzip -d` and give that file"),
        ([0x37, 0x7a, 0xbc, 0xaf], "a 7-Zip archive", "extract it and give the file in it"),
        ([0x52, 0x61, 0x72, 0x21], "a RAR archive", "extract it and give the file in it"),
        ([0x50, 0x41, 0x52, 0x31, 0x15], "a Parquet file", "write it as CSV and give that file"),
        ([0x93, 0x4e, 0x55, 0x4d], "an array of NumPy", "write it with numpy.savetxt(…, delimiter=',') and give that file"),
        ([0x89, 0x48, 0x44, 0x46], "an HDF5 file", "write it as CSV and give that file"),
        ([0x00, 0x00, 0x08], "an IDX file", "give the folder that holds the four files of images and labels"),
        ([.. "SQLite format 3"u8], "a database of SQLite", "write the table as CSV and give that file"),
        ([0x25, 0x50, 0x44, 0x46], "a PDF", "give its table as CSV"),
    ];

    /// <summary>Whether the plain bytes of a file are a tar archive.</summary>
    public static bool IsTar(string path) => DataFileReader.Read(path, (stream, _) => IsTar(ReadHead(stream)), checksWhole: false);

    /// <summary>The same bytes, from the first; throws <see cref="DataFormatException"/> that names the kind of a file that is no text.</summary>
    public static Stream CheckText(Stream stream, string path)
    {
        var head = ReadHead(stream);
        foreach (var (mark, kind, repair) in Known)
        {
            if (head.AsSpan().StartsWith(mark))
                throw new DataFormatException($"A CSV file must be text, but {path} is {kind}: {repair}.");
        }

        if (IsTar(head))
            throw new DataFormatException($"A CSV file must be text, but {path} is a tar archive: extract it and give the file in it.");
        return new PrefixedStream(head, stream);
    }

    private static bool IsTar(byte[] head) => head.Length > TarMark + 5 && head.AsSpan(TarMark).StartsWith("ustar"u8);

    private static byte[] ReadHead(Stream stream)
    {
        var head = new byte[HeadLength];
        return head[..stream.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false)];
    }
}

/// <summary>Bytes that were read from a stream to look at them, and then the rest of it.</summary>
internal sealed class PrefixedStream(byte[] head, Stream rest) : ReadOnlyStream
{
    private int position;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (position == head.Length)
            return rest.Read(buffer);
        var count = Math.Min(buffer.Length, head.Length - position);
        head.AsSpan(position, count).CopyTo(buffer);
        position += count;
        return count;
    }
}
