using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Tests;

public sealed class OptDigitsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ReadFile_OwnRows_GivesImagesOfSeventeenShades()
    {
        var pixels = Enumerable.Range(0, 64).Select(i => i % 17).ToArray();
        var set = OptDigits.ReadFile(folder.Write("x", $"{string.Join(',', pixels)},7\n{string.Join(',', pixels)},3\n"));

        Assert.Equal((2, 1, 8, 8, 16), (set.Count, set.Channels, set.Height, set.Width, set.MaxValue));
        Assert.Equal([7, 3], set.Labels);
        Assert.Equal(pixels, set.PixelsOf(1).ToArray().Select(pixel => (int)pixel));
    }

    [Theory]
    [InlineData("17")]
    [InlineData("-1")]
    [InlineData("0.5")]
    public void ReadFile_PixelOutOfRange_SaysWhere(string pixel)
    {
        var path = folder.Write("x", $"{string.Concat(Enumerable.Repeat("1,", 62))}{pixel},1,7\n");
        var error = Assert.Throws<DataFormatException>(() => OptDigits.ReadFile(path));
        Assert.Equal($"A pixel of optdigits must be a whole number in [0, 16], but {path} has {pixel} in row 1, column 63.", error.Message);
    }

    [Fact]
    public void ReadFile_OtherColumnCount_SaysSo()
    {
        var path = folder.Write("x", "1,2,7\n");
        var error = Assert.Throws<DataFormatException>(() => OptDigits.ReadFile(path));
        Assert.Equal($"A row of optdigits must have 64 pixels and a class, but {path} has 2 columns before the class.", error.Message);
    }
}
