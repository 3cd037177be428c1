using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>Small pictures as PNG, stored and not compressed, so that the same pixels are the same bytes under every version of .NET.</summary>
/// <remarks>W3C, Portable Network Graphics (PNG) Specification, third edition, 2025.</remarks>
internal static class PngImage
{
    private const byte BitDepth = 8;
    private const byte Grey = 0;
    private const byte Colour = 2;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];

    /// <summary>The picture as a <c>data:</c> address; null where its numbers do not fit together.</summary>
    public static string? DataUri(ExampleImage image) =>
        image is { Channels: 1 or 3, Height: > 0, Width: > 0 } && image.Pixels.LongLength == (long)image.Channels * image.Height * image.Width
            ? "data:image/png;base64," + Convert.ToBase64String(Encode(image))
            : null;

    private static byte[] Encode(ExampleImage image)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        (header[8], header[9]) = (BitDepth, image.Channels == 1 ? Grey : Colour);
        return [.. Signature, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, Stored(Rows(image))), .. Chunk("IEND"u8, [])];
    }

    // Each row is one byte for its filter, none, and its pixels, the channels of one beside each other.
    private static byte[] Rows(ExampleImage image)
    {
        var rows = new byte[image.Height * (1 + (image.Width * image.Channels))];
        var at = 0;
        for (var y = 0; y < image.Height; y++)
        {
            at++;
            for (var x = 0; x < image.Width; x++)
            {
                for (var channel = 0; channel < image.Channels; channel++)
                    rows[at++] = image.Pixels[(((channel * image.Height) + y) * image.Width) + x];
            }
        }

        return rows;
    }

    private static byte[] Stored(byte[] bytes)
    {
        using var stored = new MemoryStream();
        using (var zlib = new ZLibStream(stored, CompressionLevel.NoCompression, leaveOpen: true))
            zlib.Write(bytes);
        return stored.ToArray();
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }
}
