using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

public class ConcreteDropoutTests
{
    [Theory]
    [InlineData(0.1, 0.1)]
    [InlineData(0.5, 0.1)]
    [InlineData(0.9, 0.7)]
    [InlineData(0.01, 2.0 / 3)]
    public void Mask_AgreesWithTheOracle(double p, double temperature)
    {
        using var scope = NewDisposeScope();
        var random = new Random(3);
        var uniform = Enumerable.Range(0, 500).Select(_ => random.NextDouble()).ToArray();
        var mask = ConcreteDropoutMath.Mask(Logit(p), tensor(uniform), temperature);
        Data.AssertClose([.. uniform.Select(u => SlowSiblings.ConcreteMask(p, u, temperature))], mask, 1e-12, 1e-12);
    }

    [Fact]
    public void Mask_SmallTemperature_IsADropoutMask()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4, CPU);
        var mask = Data.Values(ConcreteDropoutMath.Mask(Logit(0.25), rand([20_000], ScalarType.Float64, generator: generator), 1e-4));
        Assert.InRange(mask.Count(v => v < 1e-9) / 20_000.0, 0.25 - 0.0154, 0.25 + 0.0154);
        Assert.InRange(mask.Count(v => Math.Abs(v - (4 / 3.0)) < 1e-9) / 20_000.0, 0.75 - 0.0154, 0.75 + 0.0154);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    public void Mask_DefaultTemperature_HasAMeanNearOne(double p)
    {
        using var scope = NewDisposeScope();
        var grid = arange(0.5, 100_000, 1, ScalarType.Float64).div(100_000);
        Assert.InRange(ConcreteDropoutMath.Mask(Logit(p), grid, ConcreteDropoutOptions.Default.Temperature).mean().item<double>(), 0.9975, 1.0001);
    }

    [Fact]
    public void Mask_UniformIsZero_HasFiniteGradients()
    {
        using var scope = NewDisposeScope();
        var logit = Logit(0.3).requires_grad_();
        var mask = ConcreteDropoutMath.Mask(logit, tensor(new[] { 0.0, 0.5 }), 0.1);
        mask.sum().backward();
        Assert.All(Data.Values(mask).Append(logit.grad!.item<double>()), v => Assert.True(double.IsFinite(v)));
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.97)]
    public void Regularization_AgreesWithTheOracle(double p)
    {
        using var scope = NewDisposeScope();
        var weight = Data.Normal(5, 3, 7);
        var squares = Data.Values(weight).Sum(w => w * w);
        using var layer = torch.nn.ConcreteDropout(7, p, new ConcreteDropoutOptions { WeightRegularizer = 0.02, DropoutRegularizer = 0.3 }, dtype: ScalarType.Float64);
        Data.AssertClose([-0.3 * 7 * SlowSiblings.Entropy(p)], layer.Regularization(), 1e-12);
        Data.AssertClose(
            [(0.02 * squares / (1 - p)) - (0.3 * 7 * SlowSiblings.Entropy(p))],
            ConcreteDropoutMath.Regularization(Logit(p), 7, weight, 0.02, 0.3), 0, 1e-12);
    }

    [Fact]
    public void Regularization_WithNext_SeesItsWeightAndOwnsItNot()
    {
        using var scope = NewDisposeScope();
        using var next = torch.nn.Linear(7, 3, dtype: ScalarType.Float64);
        var layer = torch.nn.ConcreteDropout(7, 0.2, new ConcreteDropoutOptions { Next = next, WeightRegularizer = 0.5, DropoutRegularizer = 0 }, dtype: ScalarType.Float64);
        using var model = new Holder(layer);
        Assert.Equal(["layer.logit"], model.state_dict().Keys);
        var weight = Data.Values(next.weight);
        Data.AssertClose([0.5 * weight.Sum(w => w * w) / 0.8], layer.Regularization(), 1e-12);

        layer.Regularization().backward();
        // d/dw λ·w²/(1−p) = 2·λ·w/(1−p)
        Data.AssertClose([.. weight.Select(w => w / 0.8)], next.weight.grad!, 1e-12);
        next.to(ScalarType.Float32);
        Assert.True(double.IsFinite(layer.Regularization().ToDouble()));
        model.Dispose();
        Assert.False(next.weight.IsInvalid);
    }

    [Fact]
    public void Entropy_FarFromZero_StaysFiniteWithItsGradient()
    {
        using var scope = NewDisposeScope();
        foreach (var far in new[] { -800.0, -40, 40, 800 })
        {
            var logit = tensor(far).requires_grad_();
            var entropy = ConcreteDropoutMath.Entropy(logit);
            entropy.backward();
            Assert.InRange(entropy.item<double>(), -1e-15, 1e-15);
            Assert.InRange(logit.grad!.item<double>(), -1e-15, 1e-15);
        }
    }

    [Fact]
    public void P_FollowsTheParameter()
    {
        using var layer = torch.nn.ConcreteDropout(4, 0.2, dtype: ScalarType.Float64);
        Assert.Equal(0.2, layer.p, 1e-15);
        Assert.Equal(0.2, ((ILearnedRate)layer).p, 1e-15);
        using (no_grad())
            layer.logit.fill_(0);
        Assert.Equal(0.5, layer.p);
        using var rate = layer.Rate();
        Assert.True(rate.requires_grad);
        layer.ResetParameters();
        Assert.Equal(0.2, layer.p, 1e-15);
    }

    [Fact]
    public void Readers_OutsideAnyDisposeScope_LeaveOnlyWhatTheyReturn()
    {
        using var next = torch.nn.Linear(4, 2);
        using var concrete = torch.nn.ConcreteDropout(4, options: new ConcreteDropoutOptions { Next = next });
        using var variational = torch.nn.VariationalDropout(4);
        foreach (LearnedDropoutModule layer in new LearnedDropoutModule[] { concrete, variational })
        {
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Assert.Equal(0.1, layer.p, 6);
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            using (layer.Rate())
            using (layer.Regularization())
                Assert.Equal(before + 2, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Regularization_HalfPrecision_IsComputedInFloat32(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var next = torch.nn.Linear(4, 2).to(dtype);
        using var layer = torch.nn.ConcreteDropout(4, options: new ConcreteDropoutOptions { Next = next }).to(dtype);
        Assert.Equal(ScalarType.Float32, layer.Regularization().dtype);
        Assert.Equal(0.1, layer.p, 2);
    }

    [Fact]
    public void Options_OutOfRange_SayTheRule()
    {
        AssertRule("Temperature must be a finite number above 0, but got 0.", () => new ConcreteDropoutOptions { Temperature = 0 });
        AssertRule("WeightRegularizer must be a finite number of at least 0, but got -1.", () => new ConcreteDropoutOptions { WeightRegularizer = -1 });
        AssertRule("DropoutRegularizer must be a finite number of at least 0, but got NaN.", () => new ConcreteDropoutOptions { DropoutRegularizer = double.NaN });
        AssertRule("num_features must be at least 1, but got 0.", () => torch.nn.ConcreteDropout(0));

        static void AssertRule(string message, Func<object> make) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(make).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NextOfOtherWidth_SaysTheRule()
    {
        using var next = torch.nn.Linear(8, 2);
        var error = Assert.Throws<ArgumentException>(() => torch.nn.ConcreteDropout(16, options: new ConcreteDropoutOptions { Next = next }));
        Assert.StartsWith("Next must take the layer's 16 features, but takes 8.", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Logit(double p) => tensor(Math.Log(p / (1 - p)));

    private sealed class Holder : nn.Module<Tensor, Tensor>
    {
        private readonly ConcreteDropout layer;

        public Holder(ConcreteDropout layer)
            : base(nameof(Holder))
        {
            this.layer = layer;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => layer.call(input);
    }
}
