using System.Buffers.Binary;

namespace NsDropoutTorch.Training.Data;

/// <summary>The checksum of gzip, eight bytes at a time.</summary>
/// <remarks>M. Kounavis, F. Berry, "A Systematic Approach to Building High Performance Software-based CRC Generators", 2005.</remarks>
internal static class Crc32
{
    private const uint Polynomial = 0xedb88320;
    private static readonly uint[][] Tables = CreateTables();

    /// <summary>The checksum of what <paramref name="crc"/> is of, followed by <paramref name="bytes"/>; that of nothing is 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = Tables[7][(byte)low] ^ Tables[6][(byte)(low >> 8)] ^ Tables[5][(byte)(low >> 16)] ^ Tables[4][low >> 24]
                ^ Tables[3][(byte)high] ^ Tables[2][(byte)(high >> 8)] ^ Tables[1][(byte)(high >> 16)] ^ Tables[0][high >> 24];
        }

        foreach (var value in bytes)
            crc = Tables[0][(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[][] CreateTables()
    {
        var tables = new uint[8][];
        tables[0] = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc >> 1) ^ ((crc & 1) * Polynomial)))];
        for (var i = 1; i < tables.Length; i++)
            tables[i] = Array.ConvertAll(tables[i - 1], crc => tables[0][(byte)crc] ^ (crc >> 8));
        return tables;
    }
}
