using System.Xml.Linq;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Report;

namespace NsDropoutTorch.Experiments.Tests.Charts;

/// <summary>Masks as a picture: the raster and what it says in words.</summary>
public class MaskPictureTests
{
    private static readonly bool[][] TwoMasks = [[true, false, false, true], [false, true, true, false]];

    [Fact]
    public void Of_NeighboursThatAreDropped_AreOneRectangle()
    {
        var paths = Picture(TwoMasks).Descendants("path").Where(path => path.Attribute("fill-opacity") is null).Select(path => path.Attribute("d")!.Value);

        Assert.Equal(["M192 0h256v14h-256z", "M64 18h128v14h-128zM448 18h128v14h-128z"], paths);
    }

    [Theory]
    [InlineData("TFFT FTTF", "L: the masks of 2 classes drop 2 of 4 neurons, dark here.")]
    [InlineData("TFFT TTTF", "L: the masks of 2 classes drop 1 to 2 of 4 neurons, dark here.")]
    [InlineData("TFFT", "L: one mask for all classes drops 2 of 4 neurons, dark here.")]
    [InlineData("TTTT TTTT", "L: no neuron is dropped.")]
    [InlineData("FFFF", "L: one mask for all classes drops 4 of 4 neurons, dark here.")]
    public void Of_Masks_SaysHowManyAreDropped(string masks, string expected) =>
        Assert.Equal(expected, Picture([.. masks.Split(' ').Select(mask => mask.Select(c => c == 'T').ToArray())]).Element("figcaption")!.Value);

    [Fact]
    public void Of_Title_IsEscaped() => Assert.Contains("&lt;b&gt;: no neuron", MaskPicture.Of("<b>", [[true]]), StringComparison.Ordinal);

    [Fact]
    public void Formatters_OfALayer_ShowItsMasksAndLeaveNoTensors()
    {
        using var layer = new NSDropout(4, 2);
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Assert.Contains("no neuron is dropped", NotebookFormatters.HtmlOf(layer), StringComparison.Ordinal);
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static XElement Picture(bool[][] keeps) => XElement.Parse(MaskPicture.Of("L", keeps));
}
