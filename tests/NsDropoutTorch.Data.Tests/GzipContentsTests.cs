using System.Text;
using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Tests;

public sealed class GzipContentsTests : IDisposable
{
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7919 / 13))];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_WholeFile_GivesItsBytes()
    {
        var member = TestFiles.Gzip(Plain);
        Assert.Equal(Plain, Read(member));
        Assert.Equal([.. Plain, .. Plain[..5]], Read([.. member, .. TestFiles.Gzip(Plain[..5])]));
        Assert.Equal([.. Plain[..5], .. Plain], Read([.. TestFiles.Gzip(Plain[..5]), .. member]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1000)]
    public void Read_FileCutShort_SaysSo(int missing)
    {
        var member = TestFiles.Gzip(Plain);
        AssertNotWhole(member[..^missing]);
        AssertNotWhole([.. member, .. member[..^missing]]);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("more than a trailer")]
    public void Read_BytesBehindTheEnd_SaysSo(string more) => AssertNotWhole([.. TestFiles.Gzip(Plain), .. Encoding.ASCII.GetBytes(more)]);

    [Fact]
    public void Read_HeaderAlone_SaysSo() => AssertNotWhole(TestFiles.Gzip(Plain)[..10]);

    [Fact]
    public void ReadCsv_CutShortAtALineEnd_SaysSo()
    {
        var rows = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i * 7919 % 1000}.5,{i % 3}\n")));
        var path = folder.Write("t.csv.gz", TestFiles.Gzip(rows).AsSpan(..^8));
        var error = Assert.Throws<DataFormatException>(() => TabularCsv.ReadFile(path));
        Assert.Equal($"A compressed or packed file must be whole, but {path} is damaged or truncated: delete it and fetch it again.", error.Message);
    }

    private byte[] Read(byte[] packed) => DataFileReader.Read(folder.Write("x", packed), (stream, _) =>
    {
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    });

    private void AssertNotWhole(byte[] packed) => Assert.Contains(
        "is damaged or truncated", Assert.Throws<DataFormatException>(() => Read(packed)).Message, StringComparison.Ordinal);
}
