using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests.Charts;

public sealed class ExamplePictureTests
{
    // The same chunks put together by Python's struct and zlib.
    [Fact]
    public void DataUri_OneGreyPixel_IsTheFileOfAnotherEncoder() => Assert.Equal(
        "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000d49444154"
        + "7801010200fdff0009000b000aeb168da40000000049454e44ae426082",
        Encode(new(1, 1, 1, [9])));

    [Fact]
    public void DataUri_TwoColouredPixels_AreTheFileOfAnotherEncoder() => Assert.Equal(
        "89504e470d0a1a0a0000000d494844520000000100000002080200000016e321700000001349444154"
        + "7801010800f7ff0001030500020406004e0016bca0bc530000000049454e44ae426082",
        Encode(new(3, 2, 1, [1, 2, 3, 4, 5, 6])));

    [Fact]
    public void DataUri_TooFewPixels_IsNull() => Assert.Null(ExamplePicture.DataUri(new(1, 2, 2, [1, 2, 3])));

    private static string Encode(ExampleImage image) => Convert.ToHexStringLower(Convert.FromBase64String(ExamplePicture.DataUri(image)!["data:image/png;base64,".Length..]));
}
