using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests.Report;

public sealed class BitmapTests
{
    [Fact]
    public void DataUri_Colours_GoFromTheBottomUpAsBlueGreenRed()
    {
        var file = Decode(new(3, 2, 1, [1, 2, 3, 4, 5, 6]));

        Assert.Equal("BM"u8.ToArray(), file[..2]);
        Assert.Equal(file.Length, BitConverter.ToInt32(file, 2));
        Assert.Equal((1, 2), (BitConverter.ToInt32(file, 18), BitConverter.ToInt32(file, 22)));
        Assert.Equal([6, 4, 2, 0, 5, 3, 1, 0], file[54..]);
    }

    [Fact]
    public void DataUri_Grey_RepeatsItsValue() => Assert.Equal([9, 9, 9, 0], Decode(new(1, 1, 1, [9]))[54..]);

    [Fact]
    public void DataUri_TooFewPixels_IsNull() => Assert.Null(Bitmap.DataUri(new(1, 2, 2, [1, 2, 3])));

    private static byte[] Decode(ExampleImage image) => Convert.FromBase64String(Bitmap.DataUri(image)!["data:image/bmp;base64,".Length..]);
}
