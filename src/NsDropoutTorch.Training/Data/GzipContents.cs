using System.Buffers.Binary;
using System.IO.Compression;

namespace NsDropoutTorch.Training.Data;

/// <summary>
/// The plain bytes of a gzip file. <see cref="CheckEnd"/> holds the file to its trailer: <see cref="GZipStream"/> compares trailers that it meets, but says nothing where
/// the file ends before one or goes on behind it.
/// </summary>
internal sealed class GzipContents(FileStream file) : ReadOnlyStream
{
    private const int TrailerLength = 8;
    private const int LeastLength = 18;
    private static readonly byte[] EmptyBlock = [0x03, 0x00];
    private static readonly byte[] EmptyStoredBlock = [0x01, 0x00, 0x00, 0xff, 0xff];

    private readonly GZipStream plain = new(file, CompressionMode.Decompress, leaveOpen: true);
    private long length;
    private uint crc;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = plain.Read(buffer);
        crc = Crc32.Append(crc, buffer[..count]);
        length += count;
        return count;
    }

    /// <summary>Reads what is left and throws <see cref="InvalidDataException"/> unless the file ends with the checksum and length of its last member.</summary>
    public void CheckEnd()
    {
        CopyTo(Null);
        var tail = ReadTail();
        var memberCrc = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(^TrailerLength));
        var memberLength = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(^4));
        var isWhole = memberLength == 0 && length <= uint.MaxValue
            ? memberCrc == 0 && EndsEmpty(tail.AsSpan(..^TrailerLength))
            : (memberCrc == crc && memberLength == (uint)length) || (memberLength < length && memberCrc == CrcOfLast(memberLength));
        if (!isWhole)
            throw new InvalidDataException("The file does not end with the checksum and length of its contents.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            plain.Dispose();
        base.Dispose(disposing);
    }

    // Zeros behind the end look like the trailer of an empty member.
    private static bool EndsEmpty(ReadOnlySpan<byte> member) => member.EndsWith(EmptyBlock) || member.EndsWith(EmptyStoredBlock);

    private byte[] ReadTail()
    {
        if (file.Length < LeastLength)
            throw new InvalidDataException("The file is shorter than any of gzip.");
        file.Position = file.Length - LeastLength;
        var tail = new byte[LeastLength];
        file.ReadExactly(tail);
        return tail;
    }

    /// <summary>The checksum of the last bytes, which are those of the last of several members.</summary>
    private uint CrcOfLast(uint count)
    {
        file.Position = 0;
        using var again = new GzipContents(file);
        var buffer = new byte[1 << 16];
        var first = length - count;
        while (again.length < first)
            again.ReadExactly(buffer.AsSpan(0, (int)Math.Min(buffer.Length, first - again.length)));
        again.crc = 0;
        again.CopyTo(Null);
        return again.crc;
    }
}
