using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Tests;

public sealed class IdxFileTests : IDisposable
{
    private static readonly byte[] Pixels = [0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_OwnFiles_GivesBackWhatWasWritten(bool compressed)
    {
        Func<byte[], byte[]> pack = compressed ? TestFiles.Gzip : bytes => bytes;
        var images = folder.Write("images", pack(TestFiles.IdxImages(2, 2, 3, Pixels)));
        var labels = folder.Write("labels.gz", pack(TestFiles.IdxLabels(7, 1)));

        var set = IdxFile.Read(images, labels, numClasses: 10);

        Assert.Equal((2, 1, 2, 3), (set.Count, set.Channels, set.Height, set.Width));
        Assert.Equal(Pixels, set.Pixels);
        Assert.Equal([7, 1], set.Labels);
        Assert.Equal([250, 251, 252, 253, 254, 255], set.PixelsOf(1).ToArray());
    }

    [Fact]
    public void Read_MissingFile_SaysWhich()
    {
        var path = Path.Combine(folder.Root, "nothing.gz");
        AssertSentence($"A data file must exist, but {path} does not: check the path, or fetch a data set with `nsdropout data download`.", () => IdxFile.ReadLabels(path));
    }

    [Fact]
    public void Read_FolderInsteadOfFile_SaysSo()
    {
        AssertSentence($"A data file must be readable, but {folder.Root} is not: check that it is a file and its permissions.", () => IdxFile.ReadLabels(folder.Root));
    }

    [Fact]
    public void Read_ImagesWhereLabelsBelong_AsksWhetherSwapped()
    {
        var path = folder.Write("x", TestFiles.IdxImages(2, 2, 3, Pixels));
        AssertSentence(
            $"An IDX file of labels must begin with the magic number 0x00000801, but {path} begins with 0x00000803: are images and labels swapped?",
            () => IdxFile.ReadLabels(path));
    }

    [Fact]
    public void Read_OtherMagic_AsksWhetherItIsIdx()
    {
        var path = folder.Write("x", "hello, world");
        AssertSentence(
            $"An IDX file of labels must begin with the magic number 0x00000801, but {path} begins with 0x68656c6c: is it an IDX file of bytes?",
            () => IdxFile.ReadLabels(path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public void Read_HeaderCutShort_SaysTruncated(int length)
    {
        var path = folder.Write("x", TestFiles.IdxLabels(1, 2, 3).AsSpan(0, length));
        AssertSentence(
            $"An IDX file must begin with a magic number and its sizes, but {path} ends before: it is truncated; delete it and fetch it again.",
            () => IdxFile.ReadLabels(path));
    }

    [Fact]
    public void Read_PixelsCutShort_SaysHowManyThereAre()
    {
        var (images, labels) = Pair(TestFiles.Gzip(TestFiles.IdxImages(2, 2, 3, Pixels)[..^5]), TestFiles.IdxLabels(0, 1));
        AssertSentence(
            $"An IDX file must hold the 2x2x3 bytes that its header promises, but {images} holds 7: it is truncated or damaged; delete it and fetch it again.",
            () => IdxFile.Read(images, labels));
    }

    [Fact]
    public void Read_HeaderPromisingMoreThanCanBe_AllocatesNothing()
    {
        var (images, labels) = Pair(TestFiles.IdxImages(2_000_000_000, 28, 28, Pixels), TestFiles.IdxLabels(0, 1));
        AssertSentence(
            $"An IDX file must hold the 2000000000x28x28 bytes that its header promises, but {images} cannot, with 28 bytes on disk: it is truncated or damaged; delete it and fetch it again.",
            () => IdxFile.Read(images, labels));
    }

    [Fact]
    public void Read_CompressedFileCutShort_SaysDamaged()
    {
        var packed = TestFiles.Gzip(TestFiles.IdxLabels([.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7919 % 256))]));
        var path = folder.Write("x.gz", packed.AsSpan(0, packed.Length / 2));
        var error = Assert.Throws<DataFormatException>(() => IdxFile.ReadLabels(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("truncated", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CompressedFileWithADamagedByte_SaysDamaged()
    {
        var packed = TestFiles.Gzip(TestFiles.IdxLabels([.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7919 % 256))]));
        packed[^6] ^= 0xFF;
        var path = folder.Write("x.gz", packed);
        AssertSentence(
            $"A compressed or packed file must be whole, but {path} is damaged or truncated: delete it and fetch it again.", () => IdxFile.ReadLabels(path));
    }

    [Fact]
    public void Read_TrailingBytes_SaysGoesOn()
    {
        var path = folder.Write("x", [.. TestFiles.IdxLabels(1, 2), 0]);
        AssertSentence(
            $"An IDX file must end after the 2 bytes that its header promises, but {path} goes on: delete it and fetch it again.", () => IdxFile.ReadLabels(path));
    }

    [Fact]
    public void Read_CountsThatDiffer_NamesBoth()
    {
        var (images, labels) = Pair(TestFiles.IdxImages(2, 2, 3, Pixels), TestFiles.IdxLabels(1, 2, 3));
        AssertSentence(
            $"Images and labels must be equally many, but {images} holds 2 images and {labels} 3 labels.", () => IdxFile.Read(images, labels));
    }

    [Fact]
    public void Read_LabelOutOfRange_NamesRow()
    {
        var path = folder.Write("x", TestFiles.IdxLabels(1, 2, 9, 12));
        AssertSentence($"labels must hold class indices in [0, 10), but got 12 at row 3 of {path}.", () => IdxFile.ReadLabels(path, numClasses: 10));
    }

    [Fact]
    public void Read_ImagesWithoutRows_SaysSize()
    {
        var (images, labels) = Pair(TestFiles.IdxImages(2, 0, 3, []), TestFiles.IdxLabels(0, 1));
        AssertSentence($"Images must have at least one row and column, but {images} says 0x3.", () => IdxFile.Read(images, labels));
    }

    private (string Images, string Labels) Pair(byte[] images, byte[] labels) => (folder.Write("images", images), folder.Write("labels", labels));

    private static void AssertSentence(string expected, Action act) =>
        Assert.Equal(expected, Assert.Throws<DataFormatException>(act).Message);
}
