using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Tests;

public sealed class CifarBinaryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadArchive_OwnTar_ReadsBatchesInOrderWhateverTheirOrderInTheTar(bool compressed)
    {
        var tar = TestFiles.Tar(
            ("cifar-10-batches-bin/batches.meta.txt", "airplane\n"u8.ToArray()),
            ("cifar-10-batches-bin/data_batch_2.bin", TestFiles.CifarBatch(5)),
            ("cifar-10-batches-bin/test_batch.bin", TestFiles.CifarBatch(3, 8)),
            ("cifar-10-batches-bin/data_batch_1.bin", TestFiles.CifarBatch(6, 9, 1)));
        var path = folder.Write("cifar", compressed ? TestFiles.Gzip(tar) : tar);

        AssertIsThatSet(CifarBinary.ReadArchive(path), [6, 9, 1, 5], [3, 8]);
    }

    [Fact]
    public void ReadFolder_ExtractedBatches_ReadsTheSame()
    {
        folder.Write("data_batch_1.bin", TestFiles.CifarBatch(6, 9, 1));
        folder.Write("data_batch_2.bin", TestFiles.CifarBatch(5));
        folder.Write("test_batch.bin", TestFiles.CifarBatch(3, 8));
        folder.Write("readme.html", "ignored");

        AssertIsThatSet(CifarBinary.ReadFolder(folder.Root), [6, 9, 1, 5], [3, 8]);
    }

    [Fact]
    public void ReadFolder_NoWholeRecords_SaysLength()
    {
        folder.Write("test_batch.bin", TestFiles.CifarBatch(3));
        var path = folder.Write("data_batch_1.bin", TestFiles.CifarBatch(3, 4).AsSpan(1));
        AssertSentence(
            $"A CIFAR-10 batch must be records of 3073 bytes, but {path} has 6145 bytes, no whole number of them: delete it and fetch it again.",
            () => CifarBinary.ReadFolder(folder.Root));
    }

    [Fact]
    public void ReadFolder_LabelOutOfRange_NamesRecord()
    {
        folder.Write("test_batch.bin", TestFiles.CifarBatch(3));
        folder.Write("data_batch_1.bin", TestFiles.CifarBatch(3, 10));
        AssertSentence(
            $"labels must hold class indices in [0, 10), but got 10 in record 1 of data_batch_1.bin in {folder.Root}.", () => CifarBinary.ReadFolder(folder.Root));
    }

    [Fact]
    public void ReadFolder_WithoutTestBatch_SaysMissing()
    {
        folder.Write("data_batch_1.bin", TestFiles.CifarBatch(3));
        AssertSentence(
            $"CIFAR-10 needs test_batch.bin and at least one data_batch_*.bin, but {folder.Root} has no test_batch.bin.", () => CifarBinary.ReadFolder(folder.Root));
    }

    [Fact]
    public void ReadFolder_WithoutTrainingBatch_SaysMissing()
    {
        folder.Write("test_batch.bin", TestFiles.CifarBatch(3));
        AssertSentence(
            $"CIFAR-10 needs test_batch.bin and at least one data_batch_*.bin, but {folder.Root} has no data_batch_*.bin.", () => CifarBinary.ReadFolder(folder.Root));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadArchive_CutShort_SaysDamaged(bool compressed)
    {
        var tar = TestFiles.Tar(("data_batch_1.bin", TestFiles.CifarBatch(6, 9, 1)), ("test_batch.bin", TestFiles.CifarBatch(3, 8)));
        var whole = compressed ? TestFiles.Gzip(tar) : tar;
        var path = folder.Write("cifar.tar.gz", whole.AsSpan(0, whole.Length / 2));

        var error = Assert.Throws<DataFormatException>(() => CifarBinary.ReadArchive(path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("truncated", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadArchive_CutBehindABatch_SaysTruncated()
    {
        var tar = TestFiles.Tar(("data_batch_1.bin", TestFiles.CifarBatch(6, 9, 1)), ("test_batch.bin", TestFiles.CifarBatch(3, 8)));
        var path = folder.Write("cifar.tar", tar.AsSpan(..^1024));
        AssertSentence($"A tar file must be whole, but {path} is truncated: delete it and fetch it again.", () => CifarBinary.ReadArchive(path));
    }

    private static void AssertIsThatSet((ImageSet Train, ImageSet Test) parts, byte[] trainLabels, byte[] testLabels)
    {
        Assert.Equal(trainLabels, parts.Train.Labels);
        Assert.Equal(testLabels, parts.Test.Labels);
        Assert.Equal((3, 32, 32), (parts.Train.Channels, parts.Train.Height, parts.Train.Width));
        Assert.All(parts.Train.PixelsOf(2)[..1024].ToArray(), pixel => Assert.Equal(2, pixel));
        Assert.All(parts.Train.PixelsOf(3)[1024..2048].ToArray(), pixel => Assert.Equal(10, pixel));
        Assert.All(parts.Test.PixelsOf(1)[2048..].ToArray(), pixel => Assert.Equal(21, pixel));
    }

    private static void AssertSentence(string expected, Action act) => Assert.Equal(expected, Assert.Throws<DataFormatException>(act).Message);
}
