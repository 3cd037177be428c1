using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Tests.Dropouts;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>Random numbers on a CUDA device: those of its own generator, or of seeds that a generator of the host draws.</summary>
public class CudaDrawTests
{
    private const ulong Seed = 1234567;

    public static TheoryData<string> Siblings => [.. Sibling.Names];

    public static TheoryData<string> Kinds => [.. Kind.Keys];

    private static Dictionary<string, Func<Device, Tensor>> Kind { get; } = new(StringComparer.Ordinal)
    {
        ["words"] = place => SplitMix.Words(Seed, [500, 7], place),
        ["bernoulli"] = place => SplitMix.Bernoulli(Seed, [500, 7], 0.3, place),
        ["uniform"] = place => SplitMix.Uniform(Seed, [500, 7], ScalarType.Float64, place),
        ["uniform, single"] = place => SplitMix.Uniform(Seed, [500, 7], ScalarType.Float32, place),
    };

    [CudaTheory, MemberData(nameof(Kinds))]
    public void SplitMix_IsThatOfTheHost(string kind)
    {
        using var scope = NewDisposeScope();
        Assert.True(Data.SameBits(Kind[kind](CPU), Kind[kind](CUDA).cpu()));
    }

    [CudaFact]
    public void SplitMix_NormalNumbers_AreThoseOfTheHost()
    {
        using var scope = NewDisposeScope();
        var host = Data.Values(SplitMix.Normal(Seed, [500, 7], ScalarType.Float64, CPU));
        Data.AssertClose(host, SplitMix.Normal(Seed, [500, 7], ScalarType.Float64, CUDA), 1e-12, 1e-12);
    }

    [CudaTheory, MemberData(nameof(Siblings))]
    public void Train_OwnGenerator_IsDrawnFromAlone(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        layer.to(CUDA);
        var x = sibling.Input(rows: 20).to(CUDA);
        IsDrawnFromAlone(generator =>
        {
            layer.generator = generator;
            return layer.call(x);
        });
    }

    [CudaFact]
    public void Train_LabelFreeNSDropoutWithOwnGenerator_DrawsFromItAlone()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(16, options: NSDropoutOptions.LabelFree).to(CUDA);
        IsDrawnFromAlone(generator =>
        {
            layer.generator = generator;
            return layer.call(Data.Normal(1, 40, 16).to(CUDA));
        });
    }

    /// <summary>A million draws: the share that is dropped lies within five standard deviations of p.</summary>
    [CudaTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void FastDropout_DropsAtItsRate(bool own)
    {
        const int count = 1_000_000;
        const double p = 0.3;
        using var scope = NewDisposeScope();
        cuda.manual_seed_all(1);
        using var generator = new Generator(5);
        using var layer = nn.FastDropout(p);
        layer.generator = own ? generator : null;
        var output = layer.call(ones(count, device: CUDA));
        Assert.Equal(p, output.eq(0).to(ScalarType.Float64).mean().item<double>(), 5 * Math.Sqrt(p * (1 - p) / count));
        Assert.Equal(1 / (1 - p), output.max().item<float>(), 1e-6);
    }

    [CudaFact]
    public void LabelFree_DropsEachNeuronAtItsRate()
    {
        const int rows = 200_000;
        using var scope = NewDisposeScope();
        cuda.manual_seed_all(1);
        using var layer = Layers.Trained(8, options: NSDropoutOptions.LabelFree).to(CUDA);
        var output = layer.call(ones(rows, 8, ScalarType.Float64, CUDA));
        var rates = Data.Values(layer.drop_rates!);
        var dropped = Data.Values(output.eq(0).to(ScalarType.Float64).mean([0]));
        for (var i = 0; i < rates.Length; i++)
            Assert.Equal(rates[i], dropped[i], 5 * Math.Sqrt(rates[i] * (1 - rates[i]) / rows));
        var means = Data.Values(output.mean([0]));
        Assert.All(means.Zip(rates), pair => Assert.Equal(1, pair.First, 5 * Math.Sqrt(pair.Second / (1 - pair.Second) / rows)));
    }

    [CudaTheory, MemberData(nameof(Siblings))]
    public void Train_HalfTypes_GiveFiniteOutputsAndGradients(string name)
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float16, ScalarType.BFloat16 })
        {
            var sibling = Sibling.Of(name);
            using var layer = sibling.Layer();
            layer.to(CUDA, type);
            var x = sibling.Vocabulary > 0 ? sibling.Input().to(CUDA) : sibling.Input().to(type).to(CUDA).requires_grad_();
            var output = layer.call(x);
            output.sum().backward();
            Assert.Equal(type, output.dtype);
            Tensor?[] all = [output, x.grad, .. layer.parameters().Select(parameter => parameter.grad)];
            Assert.All(all.OfType<Tensor>(), value => Assert.True(value.isfinite().all().item<bool>()));
        }
    }

    private static void IsDrawnFromAlone(Func<Generator, Tensor> draw)
    {
        GivenGenerator.IsDrawnFromAlone(draw);
        cuda.manual_seed_all(1);
        var following = rand(3, device: CUDA);
        cuda.manual_seed_all(1);
        using var generator = new Generator(5);
        draw(generator);
        Assert.True(Data.SameBits(following, rand(3, device: CUDA)));
    }
}
