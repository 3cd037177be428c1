using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class LayerCatalogTests
{
    public static TheoryData<string> Names => [.. LayerCatalog.All.Select(kind => kind.Name)];

    [Fact]
    public void Find_Unknown_SuggestsTheNearest()
    {
        var e = Assert.Throws<ArgumentException>(() => LayerCatalog.Find("ns-dropout"));

        Assert.Equal($"layer must be one of {string.Join(", ", LayerCatalog.All.Select(kind => kind.Name))}, but got 'ns-dropout'; the nearest is 'nsdropout'.", e.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Create_EveryForm_KeepsTheShape(string name)
    {
        var kind = LayerCatalog.Find(name);

        AssertShape(kind.Features?.Invoke(Settings(name)), [5, 8], [5, 8]);
        AssertShape(kind.Channels?.Invoke(Settings(name)), [5, 8, 4, 3], [5, 8, 4, 3]);
        AssertShape(kind.Sequences?.Invoke(Settings(name)), [5, 4, 8], [5, 4, 8]);
        AssertShape(kind.Linear?.Invoke(6, Settings(name)), [5, 6], [5, 8]);
        AssertShape(kind.Convolution?.Invoke(new(6, 3, 1), Settings(name)), [5, 6, 4, 3], [5, 8, 4, 3]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ReadsLabels_EveryForm_IsWhatTheLayerDoes(string name)
    {
        var kind = LayerCatalog.Find(name);
        nn.Module<Tensor, Tensor>?[] forms = [kind.Features?.Invoke(Settings(name)), kind.Channels?.Invoke(Settings(name)), kind.Sequences?.Invoke(Settings(name)), kind.Linear?.Invoke(6, Settings(name)), kind.Convolution?.Invoke(new(6, 3, 1), Settings(name))];

        foreach (var layer in forms.OfType<nn.Module<Tensor, Tensor>>())
        {
            using (layer)
            {
                Assert.Equal(kind.ReadsLabels, LabelMasks.ReadLabels(layer));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Options_Defaults_AreValuesThemselves(string name)
    {
        var kind = LayerCatalog.Find(name);

        Assert.All(kind.Options.Where(option => option.Default is not null), option => Assert.Equal(option.Default, option.Read(option.Default!)!.Value.Text));
        Assert.Equal(kind.Options.Count, kind.Options.Select(option => option.Name).Distinct().Count());
    }

    [Theory]
    [InlineData("nsdropout", EvalMode.Identity, true)]
    [InlineData("nsdropout:eval=mean", EvalMode.MeanMask, true)]
    [InlineData("nsdropout:shared=true", EvalMode.Identity, false)]
    public void Create_NSDropoutWithOptions_TakesThem(string text, EvalMode mode, bool usesLabels)
    {
        using var layer = (NSDropout)LayerCatalog.Find("nsdropout").Features!(Settings(text));

        Assert.Equal((8, 3, 0.25, mode, usesLabels), (layer.num_features, layer.num_classes, layer.p, layer.EvalMode, layer.UsesLabels));
    }

    /// <summary>One layer by the catalogue and one by hand see the same batches; what comes out must agree to the bit.</summary>
    [Theory]
    [MemberData(nameof(Choices))]
    public void Create_NSDropoutWithOptions_IsThatOfTheLibrary(string text, NSDropoutOptions options)
    {
        // p·F is no whole number, so that 1/(1−p) and F/(F−k) differ.
        using var layer = LayerCatalog.Find("nsdropout").Features!(Settings(text) with { P = 0.3 });
        using var expected = nn.NSDropout(8, 3, 0.3, options);

        Assert.Equal(Trained(expected), Trained(layer));
    }

    public static TheoryData<string, NSDropoutOptions> Choices => new()
    {
        { "nsdropout", NSDropoutOptions.Reference },
        { "nsdropout:absolute=true", NSDropoutOptions.Reference with { AbsoluteGap = true } },
        { "nsdropout:keep-largest=true", NSDropoutOptions.Reference with { KeepLargest = true } },
        { "nsdropout:shared=true", NSDropoutOptions.Reference with { SharedMask = true } },
        { "nsdropout:momentum=0.5", NSDropoutOptions.Reference with { Momentum = 0.5 } },
        { "nsdropout:warmup=2", NSDropoutOptions.Reference with { WarmupSteps = 2 } },
        { "nsdropout:scale-by-count=true", NSDropoutOptions.Reference with { ScaleByCount = true } },
        { "nsdropout:scale-by-count=true:scale-backward=true:scale-eval=true", NSDropoutOptions.Default with { EvalMode = EvalMode.LabelMask } },
        { "nsdropout:scale-backward=true", NSDropoutOptions.Reference with { ScaleBackward = true } },
        { "nsdropout:scale-eval=true", NSDropoutOptions.Reference with { ScaleEval = true } },
    };

    private static LayerSettings Settings(string text) => new(LayerSpecification.Parse(text), 8, 3, 0.25);

    private static void AssertShape(nn.Module<Tensor, Tensor>? layer, long[] input, long[] output)
    {
        if (layer is null)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var labels = LabelScope.Use(zeros([5], dtype: ScalarType.Int64));
        using (layer)
        {
            Assert.Equal(output, layer.call(ones(input)).shape);
        }
    }

    /// <summary>Outputs and gradients of three training steps, then outputs with label masks.</summary>
    private static float[] Trained(nn.Module<Tensor, Tensor> layer)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var (figures, input, labels) = (new List<float>(), randn(9, 8).requires_grad_(), arange(9, dtype: ScalarType.Int64).remainder(3));
        layer.eval();
        using (var capture = ValidationCapture.Begin(layer))
        {
            using var validation = LabelScope.Use(labels);
            layer.call(randn(9, 8)).Dispose();
            capture.Complete();
        }

        layer.train();
        using var training = LabelScope.Use(labels);
        for (var step = 0; step < 3; step++)
        {
            using var output = layer.call(input * (step + 1));
            output.sum().backward();
            figures.AddRange([.. output.data<float>(), .. input.grad!.data<float>()]);
        }

        layer.eval();
        using var masks = LabelMasks.Use(layer, EvalMode.LabelMask);
        return [.. figures, .. layer.call(input).data<float>()];
    }
}
