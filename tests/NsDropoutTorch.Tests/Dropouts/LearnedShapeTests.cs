using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

/// <summary>Layers that learn their rate on inputs of more than two dimensions: what has a draw of its own, and how many units share the rate.</summary>
public class LearnedShapeTests
{
    private const int Samples = 5000;

    public static TheoryData<string> Channels => ["ConcreteDropout2d", "VariationalDropout2d"];

    public static TheoryData<string> Elements => ["ConcreteDropout, sequences", "ConcreteDropout, images", "VariationalDropout, sequences", "VariationalDropout, images"];

    /// <summary>The shape of the input decides how elements are arranged, not what is drawn.</summary>
    [Theory, MemberData(nameof(Elements))]
    public void Train_MoreDimensions_AreTheRowsOfElements(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        var x = sibling.Input();
        var output = SiblingTests.Seeded(layer, x, 5);
        Assert.Equal(x.shape, output.shape);
        Assert.True(Data.SameBits(SiblingTests.Seeded(layer, x.reshape(-1, 6), 5), output.reshape(-1, 6)));
        Assert.Equal(x.numel(), Data.Values(output / x).Distinct().Count());
    }

    /// <summary>Both layers by their formula, from the draws that the seed gives.</summary>
    [Fact]
    public void Train_Channels_AgreeWithTheOracle()
    {
        using var scope = NewDisposeScope();
        using var concrete = torch.nn.ConcreteDropout2d(6, 0.3, new ConcreteDropoutOptions { Temperature = 0.4 }, dtype: ScalarType.Float64);
        using var variational = torch.nn.VariationalDropout2d(6, 0.3, dtype: ScalarType.Float64);
        var x = Data.Normal(1, 5, 36).reshape(5, 6, 2, 3);
        var (outputs, values) = ((Data.Values(SiblingTests.Seeded(concrete, x, 5)), Data.Values(SiblingTests.Seeded(variational, x, 5))), Data.Values(x));
        manual_seed(5);
        var uniform = Data.Values(rand([30], ScalarType.Float64));
        manual_seed(5);
        var normal = Data.Values(randn([5, 6, 1, 1], ScalarType.Float64));
        for (var i = 0; i < values.Length; i++)
        {
            Assert.Equal(values[i] * SlowSiblings.ConcreteMask(0.3, uniform[i / 6], 0.4), outputs.Item1[i], 1e-12);
            Assert.Equal(values[i] * (1 + (Math.Sqrt(0.3 / 0.7) * normal[i / 6])), outputs.Item2[i], 1e-12);
        }
    }

    [Theory, MemberData(nameof(Channels))]
    public void Train_Channels_HaveOneFactorAtAllPositionsAndIndependentOnesElsewhere(string name)
    {
        using var scope = NewDisposeScope();
        using var layer = Sibling.Of(name).Layer(0.4);
        manual_seed(3);
        using var noGrad = no_grad();
        var factors = layer.call(ones([Samples, 6, 2, 2], ScalarType.Float64)).flatten(2);
        Assert.True(Data.SameBits(factors.amin([2L]), factors.amax([2L])));

        // 15 pairs of channels, and of each channel neighbouring samples: correlations of independent draws have the standard error 1/√n.
        var channels = factors.select(2, 0);
        var centred = channels - channels.mean([0L], keepdim: true);
        var correlation = centred.t().mm(centred) / (centred.square().sum(0L).sqrt().unsqueeze(0) * centred.square().sum(0L).sqrt().unsqueeze(1));
        Assert.All(Data.Values(correlation.triu(1)), r => Assert.InRange(r, -4 / Math.Sqrt(Samples), 4 / Math.Sqrt(Samples)));
        var lagged = (centred.narrow(0, 0, Samples - 1) * centred.narrow(0, 1, Samples - 1)).sum(0L) / centred.square().sum(0L);
        Assert.All(Data.Values(lagged), r => Assert.InRange(r, -4 / Math.Sqrt(Samples), 4 / Math.Sqrt(Samples)));
    }

    /// <summary>A channel is dropped as often as the rate says, and noise has the variance α; within four standard errors.</summary>
    [Fact]
    public void Train_Channels_HaveTheDistributionOfTheirRate()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var concrete = torch.nn.ConcreteDropout2d(4, 0.3, new ConcreteDropoutOptions { Temperature = 1e-4 }, dtype: ScalarType.Float64);
        using var variational = torch.nn.VariationalDropout2d(4, 0.2, dtype: ScalarType.Float64);
        var dropped = Data.Values(concrete.call(ones([Samples, 4, 3], ScalarType.Float64)).select(2, 0)).Count(factor => factor < 1e-9) / (4.0 * Samples);
        Assert.InRange(dropped, 0.3 - (4 * Math.Sqrt(0.21 / (4 * Samples))), 0.3 + (4 * Math.Sqrt(0.21 / (4 * Samples))));
        var noise = Data.Values(variational.call(ones([Samples, 4, 3], ScalarType.Float64)).select(2, 0));
        var variance = noise.Average(v => (v - 1) * (v - 1));
        Assert.InRange(variance, 0.25 * (1 - (4 * Math.Sqrt(2.0 / noise.Length))), 0.25 * (1 + (4 * Math.Sqrt(2.0 / noise.Length))));
    }

    /// <summary>The units that share the rate: elements of the last dimensions, or channels, whatever the number of positions.</summary>
    [Fact]
    public void Regularization_CountsTheUnitsThatShareTheRate()
    {
        using var scope = NewDisposeScope();
        var options = new ConcreteDropoutOptions { DropoutRegularizer = 0.3 };
        using var concrete = torch.nn.ConcreteDropout2d(6, 0.2, options, dtype: ScalarType.Float64);
        using var variational = torch.nn.VariationalDropout2d(6, 0.2, divergence_weight: 0.01, dtype: ScalarType.Float64);
        concrete.call(ones([2, 6, 5, 5], ScalarType.Float64));
        Data.AssertClose([-0.3 * 6 * SlowSiblings.Entropy(0.2)], concrete.Regularization(), 1e-12);
        Data.AssertClose([0.01 * 6 * SlowSiblings.Divergence(0.25)], variational.Regularization(), 1e-12);
    }

    [Fact]
    public void Regularization_BeforeAConvolution_SeesItsKernels()
    {
        using var scope = NewDisposeScope();
        using var next = torch.nn.Conv2d(6, 4, 3, groups: 2, dtype: ScalarType.Float64);
        using var flattened = torch.nn.Linear(6 * 5, 2, dtype: ScalarType.Float64);
        var options = new ConcreteDropoutOptions { Next = next, WeightRegularizer = 0.5, DropoutRegularizer = 0 };
        using var layer = torch.nn.ConcreteDropout2d(6, 0.2, options, dtype: ScalarType.Float64);
        using var beforeLinear = torch.nn.ConcreteDropout2d(6, 0.2, options with { Next = flattened }, dtype: ScalarType.Float64);
        Data.AssertClose([0.5 * Data.Values(next.weight).Sum(w => w * w) / 0.8], layer.Regularization(), 1e-12);
        Data.AssertClose([0.5 * Data.Values(flattened.weight).Sum(w => w * w) / 0.8], beforeLinear.Regularization(), 1e-12);
        Assert.Equal(["logit"], layer.state_dict().Keys);
    }

    [Fact]
    public void Constructor_NextThatDoesNotFit_SaysTheRule()
    {
        using var convolution = torch.nn.Conv2d(8, 4, 3);
        using var transposed = torch.nn.ConvTranspose2d(8, 4, 3);
        using var linear = torch.nn.Linear(20, 4);
        AssertRefused("Next must be a Linear, but got Conv2d: before a convolution take ConcreteDropout2d.", () => torch.nn.ConcreteDropout(8, options: new() { Next = convolution }));
        AssertRefused("Next must be a Linear, but got ConvTranspose2d.", () => torch.nn.ConcreteDropout(8, options: new() { Next = transposed }));
        AssertRefused("Next must be a Linear, Conv1d, Conv2d or Conv3d, but got ConvTranspose2d.", () => torch.nn.ConcreteDropout2d(8, options: new() { Next = transposed }));
        AssertRefused("Next must take the layer's 6 channels, but takes 8.", () => torch.nn.ConcreteDropout2d(6, options: new() { Next = convolution }));
        AssertRefused(
            "Next must take the positions of the layer's 6 channels, a multiple of 6, but takes 20.", () => torch.nn.ConcreteDropout2d(6, options: new() { Next = linear }));

        static void AssertRefused(string message, Func<nn.Module> make) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
    }

    /// <summary>A second derivative, which a penalty of gradients needs: of y = Σ factor·x³ it is 6·factor·x.</summary>
    [Theory, MemberData(nameof(Channels))]
    public void Train_Channels_CanBeDifferentiatedTwice(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        var factors = SiblingTests.Seeded(layer, ones(sibling.Shape, ScalarType.Float64), 5);
        var x = sibling.Variable();
        var first = autograd.grad([SiblingTests.Seeded(layer, x.pow(3), 5).sum()], [x], create_graph: true)[0];
        var second = autograd.grad([first.sum()], [x])[0];
        Data.AssertClose(Data.Values(factors * x * 6), second, 1e-12);
    }
}
