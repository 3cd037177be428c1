namespace NsDropoutTorch.Data.Tests;

public class SampleSetTests
{
    [Fact]
    public void ImageSet_PixelCountThatDoesNotFit_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => new ImageSet(1, 2, 2, new byte[9], [0, 1]));
        Assert.StartsWith("pixels must hold N·C·H·W = 2·1·2·2 = 8 values, but got 9.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImageSet_PixelAboveMaximum_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => new ImageSet(1, 1, 2, [0, 16, 17, 3], [0, 1], maxValue: 16));
        Assert.StartsWith("pixels must be in [0, 16], but got 17 in image 1.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, -1)]
    public void ImageSet_SizeBelowOne_Throws(int channels, int height, int width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSet(channels, height, width, [], []));

    [Fact]
    public void ImageSet_Slice_CopiesConsecutiveImages()
    {
        var slice = new ImageSet(1, 1, 2, [1, 2, 3, 4, 5, 6], [0, 1, 2]).Slice(1, 2);

        Assert.Equal([3, 4, 5, 6], slice.Pixels);
        Assert.Equal([1, 2], slice.Labels);
    }

    [Fact]
    public void TabularSet_ValueCountThatDoesNotFit_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => new TabularSet(2, new float[3], [0, 1]));
        Assert.StartsWith("values must hold N·F = 2·2 = 4 numbers, but got 3.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TabularSet_ValueThatIsNotFinite_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => new TabularSet(1, [0, float.NaN], [0, 1]));
        Assert.StartsWith("values must be finite, but got NaN in row 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImageDataset_LabelOutOfRange_NamesPartAndRow()
    {
        var error = Assert.Throws<DataFormatException>(() => Dataset(Images(0, 1), Images(0, 3), "a", "b"));
        Assert.Equal("labels must hold class indices in [0, 2), but got 3 at row 1 of the test part of d.", error.Message);
    }

    [Fact]
    public void ImageDataset_TooFewNames_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => new ImageDataset("d", 2, ["a"], Images(0), Images(1), "", []));
        Assert.StartsWith("classNames must hold one name for each of 2 classes, but got 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImageDataset_PartsOfDifferentShape_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => Dataset(Images(0), new ImageSet(1, 2, 1, [0, 0], [0]), "a", "b"));
        Assert.StartsWith("Both parts of d must have images of one shape and range, but got (1, 1, 1, 255) and (1, 2, 1, 255).", error.Message, StringComparison.Ordinal);
    }

    private static ImageDataset Dataset(ImageSet train, ImageSet test, params string[] names) => new("d", names.Length, names, train, test, "", []);

    private static ImageSet Images(params byte[] labels) => new(1, 1, 1, new byte[labels.Length], labels);
}
