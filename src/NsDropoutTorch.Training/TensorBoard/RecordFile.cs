using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace NsDropoutTorch.Training.TensorBoard;

/// <summary>A file of records, as TensorFlow frames them (TFRecord): the length, its checksum, the bytes, their checksum.</summary>
/// <param name="path">A file that is not there yet. It can be read while it is written.</param>
internal sealed class RecordFile(string path) : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, BufferSize);

    /// <summary>Appends a message as one record, into the buffer.</summary>
    public void Append(IMessage message)
    {
        var bytes = message.ToByteArray();
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)bytes.Length);
        WriteChecked(length);
        WriteChecked(bytes);
    }

    /// <summary>Hands the buffer to the operating system, so that other processes see all records.</summary>
    public void Flush() => stream.Flush();

    public void Dispose() => stream.Dispose();

    private void WriteChecked(ReadOnlySpan<byte> bytes)
    {
        Span<byte> checksum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Masked(bytes));
        stream.Write(bytes);
        stream.Write(checksum);
    }
}

/// <summary>The checksum CRC-32C (Castagnoli).</summary>
/// <remarks>RFC 3720, appendix B.4, has test vectors.</remarks>
internal static class Crc32C
{
    private const uint MaskDelta = 0xa282ead8;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>The checksum as records hold it: rotated by 15 bits, plus a constant, so that a record of records does not check itself.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Of(bytes), 15) + MaskDelta;
}
