using NsDropoutTorch.Experiments.Layers;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class LayerSpecificationTests
{
    [Theory]
    [InlineData("none", "none")]
    [InlineData("dropout", "dropout")]
    [InlineData("dropout:p=0.50", "dropout:p=0.5")]
    [InlineData(" dropout : p = 5e-1 ", "dropout:p=0.5")]
    [InlineData("nsdropout:warmup=010:absolute=true:p=0.3", "nsdropout:p=0.3:absolute=true:warmup=10")]
    [InlineData("nsdropout:absolute=false", "nsdropout:absolute=false")]
    [InlineData("nsdropout:eval=mean:momentum=1", "nsdropout:momentum=1:eval=mean")]
    public void ToString_AnyWriting_IsTheSameForTheSameLayer(string text, string canonical)
    {
        Assert.Equal(canonical, LayerSpecification.Parse(text).ToString());
        Assert.Equal(canonical, LayerSpecification.Parse(canonical).ToString());
    }

    [Theory]
    [InlineData("none", 0)]
    [InlineData("dropout", 0.2)]
    [InlineData("dropout:p=0.5", 0.5)]
    [InlineData("dropout:p=0", 0)]
    public void P_OwnOrDefault_IsTheOneThatHolds(string text, double expected) => Assert.Equal(expected, LayerSpecification.Parse(text).P(0.2));

    [Theory]
    [InlineData("dropuot", "layer must be one of {0}, but got 'dropuot'; the nearest is 'dropout'.")]
    [InlineData("", "layer must be one of {0}, but got ''; the nearest is 'none'.")]
    [InlineData("dropout:rate=0.5", "option of dropout must be one of p, but got 'rate'; the nearest is 'p'.")]
    [InlineData("nsdropout:momentun=0.1", "option of nsdropout must be one of p, label-free, gap-share, ranking, absolute, keep-largest, shared, momentum, warmup, eval, scale-by-count, scale-backward, scale-eval, but got 'momentun'; the nearest is 'momentum'.")]
    [InlineData("none:p=0.5", "none has no options, but got 'p'.")]
    [InlineData("dropout:0.5", "options of a layer must be written name=value, separated by colons, but got '0.5' after dropout.")]
    [InlineData("dropout:", "options of a layer must be written name=value, separated by colons, but got '' after dropout.")]
    [InlineData("dropout:p=0.5:p=0.6", "options of dropout must differ from each other, but got 'p' twice.")]
    [InlineData("dropout:p=1", "p of dropout must be a number in [0, 1), but got '1'.")]
    [InlineData("dropout:p=NaN", "p of dropout must be a number in [0, 1), but got 'NaN'.")]
    [InlineData("dropout:p=", "p of dropout must be a number in [0, 1), but got ''.")]
    [InlineData("nsdropout:absolute=yes", "absolute of nsdropout must be true or false, but got 'yes'.")]
    [InlineData("nsdropout:momentum=0", "momentum of nsdropout must be a number in (0, 1], but got '0'.")]
    [InlineData("nsdropout:warmup=-1", "warmup of nsdropout must be a whole number of at least 0, but got '-1'.")]
    [InlineData("nsdropout:eval=label", "eval of nsdropout must be identity or mean, but got 'label'.")]
    public void Parse_Broken_SaysTheRuleAndTheText(string text, string sentence) =>
        Assert.Equal(sentence.Replace("{0}", string.Join(", ", LayerCatalog.All.Select(kind => kind.Name)), StringComparison.Ordinal), Assert.Throws<ArgumentException>(() => LayerSpecification.Parse(text)).Message);
}
