using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace NsDropoutTorch;

/// <summary>Small pictures as PNG. Those of <see cref="Encode"/> are stored and not compressed, so that the same pixels are the same bytes under every version of .NET.</summary>
/// <remarks>W3C, Portable Network Graphics (PNG) Specification, third edition, 2025.</remarks>
internal static class PngImage
{
    private const byte BitDepth = 8;
    private const byte Grey = 0;
    private const byte Colour = 2;
    private const byte Palette = 3;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];

    /// <summary>The picture as the bytes of a file.</summary>
    /// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="pixels"><c>[C, H, W]</c>, the last dimension fastest.</param>
    public static byte[] Encode(int channels, int height, int width, ReadOnlySpan<byte> pixels)
    {
        var header = Header(height, width, channels == 1 ? Grey : Colour);
        return [.. Signature, .. header, .. Chunk("IDAT"u8, Deflated(Rows(channels, height, width, pixels), CompressionLevel.NoCompression)), .. Chunk("IEND"u8, [])];
    }

    /// <summary>A picture of few colours as the bytes of a file, compressed: small, and other bytes where .NET compresses otherwise.</summary>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="palette">Red, green and blue of each colour; 1 to 256 colours.</param>
    /// <param name="pixels">The number of each pixel's colour, <c>[H, W]</c>, the last dimension fastest.</param>
    public static byte[] EncodeIndexed(int height, int width, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> pixels)
    {
        var header = Header(height, width, Palette);
        return
        [
            .. Signature, .. header, .. Chunk("PLTE"u8, palette.ToArray()),
            .. Chunk("IDAT"u8, Deflated(Rows(channels: 1, height, width, pixels), CompressionLevel.SmallestSize)), .. Chunk("IEND"u8, []),
        ];
    }

    private static byte[] Header(int height, int width, byte colours)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (BitDepth, colours);
        return Chunk("IHDR"u8, header);
    }

    // Each row is one byte for its filter, none, and its pixels, the channels of one beside each other.
    private static byte[] Rows(int channels, int height, int width, ReadOnlySpan<byte> pixels)
    {
        var rows = new byte[height * (1 + (width * channels))];
        var at = 0;
        for (var y = 0; y < height; y++)
        {
            at++;
            for (var x = 0; x < width; x++)
            {
                for (var channel = 0; channel < channels; channel++)
                    rows[at++] = pixels[(((channel * height) + y) * width) + x];
            }
        }

        return rows;
    }

    private static byte[] Deflated(byte[] bytes, CompressionLevel level)
    {
        using var deflated = new MemoryStream();
        using (var zlib = new ZLibStream(deflated, level, leaveOpen: true))
            zlib.Write(bytes);
        return deflated.ToArray();
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
