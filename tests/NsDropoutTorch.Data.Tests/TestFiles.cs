using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;

namespace NsDropoutTorch.Data.Tests;

/// <summary>Writes the file formats that the project reads.</summary>
internal static class TestFiles
{
    public static byte[] IdxImages(int count, int rows, int columns, byte[] pixels) => Idx(0x803, [count, rows, columns], pixels);

    public static byte[] IdxLabels(params byte[] labels) => Idx(0x801, [labels.Length], labels);

    public static byte[] Idx(uint magic, int[] sizes, byte[] bytes)
    {
        var file = new byte[4 + (4 * sizes.Length) + bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(file, magic);
        for (var i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * i)), sizes[i]);
        bytes.CopyTo(file, 4 + (4 * sizes.Length));
        return file;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>Records whose pixels all have the value of their position in the batch, plus ten a channel.</summary>
    public static byte[] CifarBatch(params byte[] labels)
    {
        var bytes = new byte[labels.Length * 3073];
        for (var record = 0; record < labels.Length; record++)
        {
            bytes[record * 3073] = labels[record];
            for (var channel = 0; channel < 3; channel++)
                bytes.AsSpan((record * 3073) + 1 + (channel * 1024), 1024).Fill((byte)(record + (10 * channel)));
        }

        return bytes;
    }

    public static byte[] Tar(params (string Name, byte[] Bytes)[] entries)
    {
        using var packed = new MemoryStream();
        using (var tar = new TarWriter(packed, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
        }

        return packed.ToArray();
    }
}
