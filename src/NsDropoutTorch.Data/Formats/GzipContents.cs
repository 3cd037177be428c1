using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace NsDropoutTorch.Data.Formats;

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
    private readonly Crc32 crc = new();

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = plain.Read(buffer);
        crc.Append(buffer[..count]);
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
            : (memberCrc == crc.GetCurrentHashAsUInt32() && memberLength == (uint)length) || (memberLength < length && memberCrc == CrcOfLast(memberLength));
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
        again.crc.Reset();
        again.CopyTo(Null);
        return again.crc.GetCurrentHashAsUInt32();
    }
}

/// <summary>A stream that is read from its beginning to its end and nothing else.</summary>
internal abstract class ReadOnlyStream : Stream
{
    /// <inheritdoc/>
    public sealed override bool CanRead => true;

    /// <inheritdoc/>
    public sealed override bool CanSeek => false;

    /// <inheritdoc/>
    public sealed override bool CanWrite => false;

    /// <inheritdoc/>
    public sealed override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public abstract override int Read(Span<byte> buffer);

    /// <inheritdoc/>
    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public sealed override void Flush()
    {
    }

    /// <inheritdoc/>
    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
