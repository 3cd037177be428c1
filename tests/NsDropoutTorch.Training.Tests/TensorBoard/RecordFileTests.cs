using NsDropoutTorch.Training.TensorBoard;

namespace NsDropoutTorch.Training.Tests.TensorBoard;

public sealed class RecordFileTests
{
    public static TheoryData<byte[], uint> Vectors => new()
    {
        { new byte[32], 0x8A9136AA },
        { [.. Enumerable.Repeat((byte)0xFF, 32)], 0x62A8AB43 },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)i)], 0x46DD794E },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))], 0x113FDB5C },
        { [], 0 },
    };

    // RFC 3720, appendix B.4; nothing has the checksum 0.
    [Theory]
    [MemberData(nameof(Vectors))]
    public void Crc_PublishedVectors_AreRight(byte[] bytes, uint expected)
    {
        Assert.Equal(expected, Crc32C.Of(bytes));
        Assert.Equal(expected, EventFile.Crc(bytes));
    }

    [Fact]
    public void Crc_AllLengthsUpToThreeWords_IsThatOfDivision()
    {
        var random = new Random(1);
        for (var length = 0; length <= 24; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.Equal(EventFile.Crc(bytes), Crc32C.Of(bytes));
        }
    }
}
