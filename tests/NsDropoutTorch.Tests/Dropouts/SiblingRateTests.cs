using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

/// <summary>The questions about the rate p, asked of every layer that reads no labels.</summary>
public class SiblingRateTests
{
    public static TheoryData<string> Every => [.. Sibling.Names];

    public static TheoryData<string> WithFixedRate => [.. Sibling.Names.Where(name => !Sibling.Of(name).LearnsRate)];

    public static TheoryData<string> UpToOne => [.. Sibling.Names.Where(name => Sibling.Of(name).Rates == "[0, 1]")];

    [Theory, MemberData(nameof(WithFixedRate))]
    public void Train_PIsZero_IsEval(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer(p: 0);
        var x = sibling.Input();
        var trained = layer.call(x);
        layer.eval();
        Data.AssertClose(Data.Values(layer.call(x)), trained, 1e-15, 1e-14);
    }

    [Theory, MemberData(nameof(Every))]
    public void Train_PNearItsEnd_StaysFinite(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer(p: sibling.Rates == "(0, 0.5)" ? 0.5 - 1e-9 : 1 - 1e-9);
        var x = sibling.Variable();
        var output = layer.call(x);
        output.sum().backward();
        AssertFinite(output, x, layer);
    }

    [Theory, MemberData(nameof(UpToOne))]
    public void Train_PIsOne_LetsNothingThrough(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer(p: 1);
        var x = sibling.Variable();
        var output = layer.call(x);
        if (output.requires_grad) output.sum().backward();
        AssertFinite(output, x, layer);
        if (!sibling.Spares)
            Assert.True(Data.SameBits(output, sibling.KeepsBias && Bias(layer) is { } bias ? zeros_like(output).add(bias) : zeros_like(output)));

        static Tensor? Bias(nn.Module layer) =>
            layer.named_parameters().FirstOrDefault(named => named.name.EndsWith("bias", StringComparison.Ordinal)).parameter is { } bias
                ? bias.reshape([-1, .. Enumerable.Repeat(1L, (int)layer.named_parameters().First(named => named.name.EndsWith("weight", StringComparison.Ordinal)).parameter.ndim - 2)])
                : null;
    }

    [Theory, MemberData(nameof(Every))]
    public void P_SetBetweenTwoCalls_IsThatOfANewLayer(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer(0.4);
        using var fresh = sibling.Layer(0.15);
        var x = sibling.Input(rows: 20);
        var former = SiblingTests.Seeded(layer, x, 5);
        layer.p = 0.15;
        Assert.Equal(0.15, layer.p, 1e-12);
        Assert.True(Data.SameBits(SiblingTests.Seeded(fresh, x, 5), SiblingTests.Seeded(layer, x, 5)));
        Assert.False(Data.SameBits(former, SiblingTests.Seeded(layer, x, 5)));
    }

    [Theory, MemberData(nameof(Every))]
    public void P_SetOutOfRange_SaysTheRuleAndStays(string name)
    {
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer(0.4);
        foreach (var (p, received) in new[] { (-0.1, "-0.1"), (1.2, "1.2"), (double.NaN, "NaN") })
            Assert.StartsWith($"p must be in {sibling.Rates}, but got {received}.", Assert.Throws<ArgumentOutOfRangeException>(() => layer.p = p).Message, StringComparison.Ordinal);
        Assert.Equal(0.4, layer.p, 1e-12);
    }

    [Theory, MemberData(nameof(Every))]
    public void Constructor_InvalidP_SaysTheRuleAndLeavesNoTensorBehind(string name)
    {
        var sibling = Sibling.Of(name);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        foreach (var (p, received) in new[] { (-0.1, "-0.1"), (1, "1"), (1.2, "1.2"), (double.NaN, "NaN") })
        {
            if (p == 1 && sibling.Rates == "[0, 1]") continue;
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => sibling.Layer(p));
            Assert.StartsWith($"p must be in {sibling.Rates}, but got {received}.", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void AssertFinite(Tensor output, Tensor x, nn.Module layer)
    {
        Assert.All(Data.Values(output), v => Assert.True(double.IsFinite(v)));
        Assert.True(x.grad is null || Data.Values(x.grad).All(double.IsFinite));
        Assert.All(layer.parameters(), parameter => Assert.True(parameter.grad is null || Data.Values(parameter.grad).All(double.IsFinite)));
    }
}
