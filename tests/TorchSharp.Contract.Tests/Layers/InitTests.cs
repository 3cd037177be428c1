using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Layers;

public sealed class InitTests : ContractTest
{
    [Fact]
    public void Constants_FillEvenLeaves()
    {
        var x = empty(2, requires_grad: true);
        nn.init.zeros_(x);
        Expect.Equal(new[] { 0f, 0 }, x);
        nn.init.ones_(x);
        Expect.Equal(new[] { 1f, 1 }, x);
        nn.init.constant_(x, 2.5);
        Expect.Equal(new[] { 2.5f, 2.5f }, x);
        Assert.True(x.is_leaf);
    }

    [Fact]
    public void UniformAndNormal_HaveTheirRangeAndMoments()
    {
        manual_seed(1);
        var x = empty(100, 100);
        nn.init.uniform_(x, -2, 3);
        Assert.True(x.min().item<float>() is >= -2 and < -1.9f);
        Assert.True(x.max().item<float>() is <= 3 and > 2.9f);
        nn.init.normal_(x, 5, 0.5);
        Assert.InRange(x.mean().item<float>(), 4.97f, 5.03f);
        Assert.InRange(x.std().item<float>(), 0.48f, 0.52f);
    }

    [Fact]
    public void KaimingAndXavier_ScaleWithTheFans()
    {
        manual_seed(2);
        var weight = empty(200, 50);
        nn.init.kaiming_uniform_(weight);
        var bound = MathF.Sqrt(6f / 50);
        Assert.InRange(weight.abs().max().item<float>(), bound * 0.99f, bound * 1.0001f);
        nn.init.xavier_uniform_(weight);
        bound = MathF.Sqrt(6f / 250);
        Assert.InRange(weight.abs().max().item<float>(), bound * 0.99f, bound * 1.0001f);
        nn.init.kaiming_normal_(weight);
        Assert.InRange(weight.std().item<float>(), MathF.Sqrt(2f / 50) * 0.96f, MathF.Sqrt(2f / 50) * 1.04f);
    }

    [Fact]
    public void Fans_CountTheReceptiveField()
    {
        Assert.Equal((50L, 200L), nn.init.CalculateFanInAndFanOut(empty(200, 50)));
        Assert.Equal((18L, 36L), nn.init.CalculateFanInAndFanOut(empty(4, 2, 3, 3)));
    }

    [Fact]
    public void Normal_WithAGenerator_DrawsFromTheDefaultAllTheSame()
    {
        Tensor a = empty(10), b = empty(10);
        manual_seed(1);
        nn.init.normal_(a, generator: new Generator(3));
        manual_seed(1);
        nn.init.normal_(b, generator: new Generator(4));
        Assert.True(a.Equals(b));
    }
}
