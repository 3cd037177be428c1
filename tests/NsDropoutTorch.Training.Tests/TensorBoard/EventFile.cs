using System.Buffers.Binary;
using System.Text;

namespace NsDropoutTorch.Training.Tests.TensorBoard;

/// <summary>Reads event files by the description of their format alone, bit by bit where the writer uses the processor and TorchSharp's types.</summary>
internal static class EventFile
{
    /// <summary>The events of a file; every checksum must be right, and no byte may be left over.</summary>
    public static IReadOnlyList<WireMessage> Read(string path)
    {
        // It may still be open for writing.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        ReadOnlySpan<byte> rest = copy.ToArray();
        var events = new List<WireMessage>();
        while (rest.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(rest);
            Assert.Equal(Masked(rest[..8]), BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]));
            var bytes = rest.Slice(12, length);
            Assert.Equal(Masked(bytes), BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..]));
            events.Add(new(bytes));
            rest = rest[(16 + length)..];
        }

        return events;
    }

    /// <summary>The events of the files of a folder, in the order in which TensorBoard reads them.</summary>
    public static IReadOnlyList<WireMessage> ReadFolder(string folder) => [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).SelectMany(Read)];

    /// <summary>The scalars of events: tag, step, value.</summary>
    public static IReadOnlyList<(string Tag, long Step, float Value)> Scalars(IEnumerable<WireMessage> events) =>
        [.. from e in events from summary in e.Messages(5) from value in summary.Messages(1) where value.Has(2) select (value.Text(1), e.Integer(2), value.Float(2))];

    /// <summary>The only value of one tag.</summary>
    public static WireMessage Value(IEnumerable<WireMessage> events, string tag) =>
        events.SelectMany(e => e.Messages(5)).SelectMany(summary => summary.Messages(1)).Single(value => value.Text(1) == tag);

    /// <summary>CRC-32C by polynomial division, one bit after the other.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xffffffff;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
        }

        return crc ^ 0xffffffff;
    }

    private static uint Masked(ReadOnlySpan<byte> bytes) => Crc(bytes) is var crc ? ((crc >> 15) | (crc << 17)) + 0xa282ead8u : 0;
}

/// <summary>A message of Protocol Buffers as its fields: numbers and bytes, in their order.</summary>
internal sealed class WireMessage
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> fields = [];

    public WireMessage(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var key = Varint(ref bytes);
            var (number, content) = (key & 7) switch
            {
                0 => (Varint(ref bytes), []),
                1 => (BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8)), []),
                2 => (0UL, Take(ref bytes, (int)Varint(ref bytes)).ToArray()),
                5 => (BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, 4)), Array.Empty<byte>()),
                var type => throw new InvalidDataException($"wire type {type}"),
            };
            fields.Add(((int)(key >> 3), number, content));
        }
    }

    public bool Has(int field) => fields.Any(entry => entry.Field == field);

    public long Integer(int field) => (long)Last(field).Number;

    public double Double(int field) => BitConverter.UInt64BitsToDouble(Last(field).Number);

    public float Float(int field) => BitConverter.UInt32BitsToSingle((uint)Last(field).Number);

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public byte[] Bytes(int field) => Last(field).Bytes ?? [];

    public WireMessage Message(int field) => Messages(field).Single();

    public IReadOnlyList<WireMessage> Messages(int field) => [.. fields.Where(entry => entry.Field == field).Select(entry => new WireMessage(entry.Bytes))];

    /// <summary>A packed field of doubles.</summary>
    public double[] Doubles(int field) => [.. Bytes(field).Chunk(8).Select(chunk => BitConverter.ToDouble(chunk))];

    // A field that is missing has its default, 0 or empty.
    private (int Field, ulong Number, byte[]? Bytes) Last(int field) => fields.LastOrDefault(entry => entry.Field == field);

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(ref bytes, 1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }
}
