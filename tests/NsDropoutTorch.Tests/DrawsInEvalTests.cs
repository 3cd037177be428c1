using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>Layers whose masks are drawn, drawing in eval mode.</summary>
public class DrawsInEvalTests
{
    private static readonly NSDropoutOptions Pooled = new() { GapShare = 0.5 };

    public static TheoryData<NSDropoutOptions> Forms => [NSDropoutOptions.LabelFree, Pooled, Pooled with { Momentum = 0.3 }];

    /// <summary>The masks of a training step whose gaps leave the rates where they are, drawn without labels and without a change of the state.</summary>
    [Theory, MemberData(nameof(Forms))]
    public void Eval_DrawsAsTrainingDoesAndLearnsNothing(NSDropoutOptions options)
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: options);
        using var trained = Layers.Trained(options: options with { Momentum = null });
        layer.drop_rates!.copy_(trained.drop_rates!);
        var x = Data.Normal(102, 30, 8); // The batch of the step that chose the rates: it chooses the same again.
        manual_seed(5);
        var expected = trained.forward(x, Layers.Balanced(30, 3));
        layer.eval();
        layer.DrawsInEval = true;
        var state = layer.state_dict().ToDictionary(e => e.Key, e => e.Value.clone(), StringComparer.Ordinal);

        manual_seed(5);
        Assert.True(Data.SameBits(expected, layer.call(x)));
        Assert.Contains(0, Data.Values(expected));
        Assert.All(layer.state_dict(), e => Assert.True(Data.SameBits(state[e.Key], e.Value), e.Key));
        layer.DrawsInEval = false;
        Assert.True(Data.SameBits(x, layer.call(x)));
    }

    [Fact]
    public void Eval_BeforeAnyRates_IsOrdinaryDropoutAtTheRateOfNow()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(8, 3, 0.5, NSDropoutOptions.LabelFree);
        layer.p = 0.75;
        var x = ones(40, 8);
        manual_seed(5);
        var expected = layer.call(x);
        layer.eval();
        layer.DrawsInEval = true;
        manual_seed(5);
        Assert.True(Data.SameBits(expected, layer.call(x)));
        Assert.Equal([0, 4], Data.Values(expected).Distinct().Order());
    }

    [Fact]
    public void DrawsInEval_MasksThatAreChosen_SaysTheRuleAndStays()
    {
        using var layer = torch.nn.NSDropout(8, 3);
        Assert.False(layer.DrawsMasks);
        Assert.Equal(
            "DrawsInEval must stay false where masks are chosen and not drawn, but got true for NSDropout(num_features=8, num_classes=3, p=0.5, EvalMode=Identity): "
            + "take NSDropoutOptions.GapShare, which NSDropoutOptions.LabelFree has.",
            Assert.Throws<InvalidOperationException>(() => layer.DrawsInEval = true).Message);
        layer.DrawsInEval = false;
        Assert.False(layer.DrawsInEval);
    }
}
