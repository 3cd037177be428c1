using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

/// <summary>The questions that PyTorch asks of its dropouts, asked of every layer that reads no labels.</summary>
public class SiblingTests
{
    public static TheoryData<string> Every => [.. Sibling.Names];

    public static TheoryData<string> Elementwise => [.. Sibling.Names.Where(name => !Sibling.Of(name).IsLinear)];

    [Fact]
    public void Every_LayerWithoutLabels_IsAsked() => Assert.Equal(
        typeof(DropoutModule).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(DropoutModule)) && !type.IsAbstract).Select(type => type.Name).Order(StringComparer.Ordinal),
        Sibling.Names.Select(name => Sibling.Of(name).Layer().GetType().Name).Distinct().Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Elementwise))]
    public void Eval_IsANewTensorOfTheSameValues(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        layer.eval();
        var x = sibling.Input();
        var output = layer.call(x);
        Assert.NotSame(x, output);
        Assert.True(Data.SameBits(x, output));
    }

    [Theory, MemberData(nameof(Every))]
    public void Train_SameSeed_GivesTheSameBitsAndAnotherSeedOthers(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        var x = sibling.Input(rows: 20);
        var (first, again, other) = (Seeded(layer, x, 5), Seeded(layer, x, 5), Seeded(layer, x, 7));
        Assert.True(Data.SameBits(first, again));
        Assert.False(Data.SameBits(first, other));
    }

    [Theory, MemberData(nameof(Every))]
    public void Train_Gradients_EqualCentralDifferences(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        var x = sibling.Variable();
        var factors = Data.Normal(9, 1, 1000);
        Objective().backward();

        foreach (var (part, variable) in layer.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Append(("input", x)).Where(part => part.Item2.requires_grad))
        {
            var gradient = Data.Values(variable.grad!);
            for (var i = 0; i < gradient.Length; i++)
            {
                var difference = (Moved(variable, i, 1e-5) - Moved(variable, i, -1e-5)) / 2e-5;
                Assert.True(Math.Abs(difference - gradient[i]) < 1e-7 * (1 + Math.Abs(difference)), $"{part} {i}: {difference:R} against {gradient[i]:R}.");
            }
        }

        Tensor Objective()
        {
            var output = Seeded(layer, x, 5).flatten();
            var value = output.mul(factors.flatten().narrow(0, 0, output.numel())).sum();
            return layer is IRegularized regularized ? value.add(regularized.Regularization()) : value;
        }

        double Moved(Tensor variable, long element, double step)
        {
            using var inner = NewDisposeScope();
            using var noGrad = no_grad();
            var former = variable.clone();
            variable.flatten().narrow(0, element, 1).add_(step);
            var value = Objective().item<double>();
            variable.copy_(former);
            return value;
        }
    }

    [Theory, MemberData(nameof(Every))]
    public void Train_UnderNoGrad_RecordsNoGraph(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        using (no_grad())
            Assert.False(layer.call(sibling.Variable()).requires_grad);
    }

    [Theory, MemberData(nameof(Every))]
    public void Forward_StridedInput_EqualsTheContiguousOne(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        var x = sibling.Input();
        var strided = stack([x, x], -1).select(-1, 0);
        Assert.False(strided.is_contiguous());
        foreach (var training in new[] { true, false })
        {
            layer.train(training);
            Data.AssertClose(Data.Values(Seeded(layer, x, 5)), Seeded(layer, strided, 5), 1e-14);
        }
    }

    [Theory, MemberData(nameof(Every))]
    public void Forward_EmptyBatch_GivesAnEmptyOutput(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        foreach (var training in new[] { true, false })
        {
            layer.train(training);
            long[] expected = [0, .. sibling.Output ?? sibling.Shape[1..]];
            Assert.Equal(expected, layer.call(sibling.Input(rows: 0)).shape);
        }
    }

    [Theory, MemberData(nameof(Every))]
    public void Forward_Float32AndFloat64_KeepTheirType(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            using var layer = sibling.Layer(dtype: dtype);
            foreach (var training in new[] { true, false })
            {
                layer.train(training);
                Assert.Equal(dtype, layer.call(sibling.Input(dtype: dtype)).dtype);
            }
        }
    }

    [Theory, MemberData(nameof(Elementwise))]
    public void Train_HalfPrecision_KeepsItsType(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        foreach (var dtype in new[] { ScalarType.Float16, ScalarType.BFloat16 })
        {
            using var layer = sibling.Layer(dtype: ScalarType.Float32);
            layer.to(dtype);
            var output = layer.call(sibling.Input(dtype: dtype));
            Assert.Equal(dtype, output.dtype);
            Assert.All(Data.Values(output), v => Assert.True(double.IsFinite(v)));
        }
    }

    [Theory, MemberData(nameof(Every))]
    public void Forward_WrongInput_SaysTheRuleInBothModesAndLeavesNoTensorBehind(string name)
    {
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        using var wrongShape = ones(sibling.WrongShape);
        using var wrongType = ones(sibling.Shape, sibling.WrongType);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        foreach (var training in new[] { true, false })
        {
            layer.train(training);
            if (sibling.ShapeInWords.Length > 0)
                AssertRefused(wrongShape, $"input must have shape {sibling.ShapeInWords}, but got [{string.Join(", ", sibling.WrongShape)}].");
            AssertRefused(wrongType, sibling.WrongTypeInWords);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void AssertRefused(Tensor input, string message) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => layer.call(input)).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Every))]
    public void Forward_OutsideAnyDisposeScope_LeavesOnlyItsOutput(string name)
    {
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        using var x = sibling.Input();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        foreach (var training in new[] { true, false })
        {
            layer.train(training);
            using (layer.call(x))
                Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    [Theory, MemberData(nameof(Every))]
    public void Construction_InsideDisposeScopeAndInferenceMode_ParametersOutliveBothAndTrain(string name)
    {
        var sibling = Sibling.Of(name);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        DropoutModule layer;
        using (NewDisposeScope())
        using (inference_mode())
            layer = sibling.Layer();

        using (NewDisposeScope())
        {
            layer.call(sibling.Variable()).sum().backward();
            Assert.All(layer.parameters(), parameter => Assert.True(parameter is { IsInvalid: false, requires_grad: true, grad: not null }));
        }

        layer.Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory, MemberData(nameof(Every))]
    public void StateDict_IntoAnotherLayer_GivesTheSameBits(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer(0.3);
        manual_seed(99);
        using var copied = sibling.Make(0.3, ScalarType.Float64);
        using var loaded = sibling.Make(0.3, ScalarType.Float64);
        copied.load_state_dict(layer.state_dict());
        loaded.load(Saved(layer));
        var x = sibling.Input();
        foreach (var training in new[] { true, false })
        {
            foreach (var each in new[] { layer, copied, loaded }) each.train(training);
            Assert.True(Data.SameBits(Seeded(layer, x, 5), Seeded(copied, x, 5)));
            Assert.True(Data.SameBits(Seeded(layer, x, 5), Seeded(loaded, x, 5)));
        }
    }

    [Theory, MemberData(nameof(Every))]
    public void LoadStateDict_ShapeThatWouldBroadcast_IsRefused(string name)
    {
        using var scope = NewDisposeScope();
        using var layer = Sibling.Of(name).Layer();
        foreach (var (part, tensor) in layer.state_dict())
        {
            var state = layer.state_dict().ToDictionary(e => e.Key, e => e.Value.clone(), StringComparer.Ordinal);
            state[part] = ones(1, ScalarType.Float64);
            var error = Assert.Throws<ArgumentException>(() => layer.load_state_dict(state));
            Assert.StartsWith($"{part} must have shape [{string.Join(", ", tensor.shape)}], but got [1].", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Every))]
    public void Sequential_TrainAndEval_ReachTheLayer(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        using var model = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Sequential(layer), torch.nn.Flatten());
        var x = sibling.Input(rows: 20);
        model.eval();
        Assert.False(layer.training);
        Assert.True(Data.SameBits(Seeded(model, x, 5), Seeded(model, x, 5)));
        model.train();
        Assert.True(layer.training);
        Assert.False(Data.SameBits(Seeded(model, x, 5), Seeded(model, x, 7)));
        Assert.False(x.IsInvalid);
        Assert.Equal(layer.parameters().Count(), model.parameters().Count());
    }

    [Theory, MemberData(nameof(Every))]
    public void To_DtypeAndDevice_MoveTheParameters(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer(dtype: ScalarType.Float32);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        layer.to(ScalarType.Float64);
        layer.to(ScalarType.Float32);
        layer.to(ScalarType.Float64);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(ScalarType.Float64, layer.call(sibling.Input()).dtype);
        Assert.All(layer.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));

        layer.to(META);
        Assert.All(layer.parameters(), parameter => Assert.Equal(DeviceType.META, parameter.device_type));
        if (!layer.parameters().Any()) return;
        var error = Assert.Throws<ArgumentException>(() => layer.call(sibling.Input()));
        Assert.StartsWith("input must be on the layer's device meta, but got cpu: move the model with model.to(device).", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DropConnectLinear", "DropConnectLinear(in_features=6, out_features=4, p=0.2, bias=True)")]
    [InlineData("DropConnectConv1d", "DropConnectConv1d(in_channels=2, out_channels=4, kernel_size=3, stride=1, padding=0, dilation=1, groups=1, p=0.2, bias=True)")]
    [InlineData("DropConnectConv1d, per sample", "DropConnectConv1d(in_channels=2, out_channels=4, kernel_size=3, stride=2, padding=2, dilation=2, groups=2, p=0.2, bias=True, per_sample=True)")]
    [InlineData("BroadcastDropout", "BroadcastDropout(p=0.2, dims=[0, -1])")]
    [InlineData("ConcreteDropout", "ConcreteDropout(num_features=6, p=0.2)")]
    [InlineData("ConcreteDropout2d", "ConcreteDropout2d(num_features=6, p=0.2)")]
    [InlineData("DropBlock2d", "DropBlock2d(p=0.2, block_size=3)")]
    [InlineData("DropBlock3d", "DropBlock3d(p=0.2, block_size=2)")]
    [InlineData("EmbeddingDropout", "EmbeddingDropout(num_embeddings=30, embedding_dims=3, p=0.2)")]
    [InlineData("EmbeddingDropout, padding", "EmbeddingDropout(num_embeddings=30, embedding_dims=3, p=0.2, padding_idx=4)")]
    [InlineData("LockedDropout", "LockedDropout(p=0.2, batch_first=False)")]
    [InlineData("StandoutLinear", "StandoutLinear(in_features=6, out_features=4, p=0.2, bias=True, alpha=0.5)")]
    [InlineData("StochasticDepth, batch", "StochasticDepth(p=0.2, mode=Batch)")]
    [InlineData("WeightDrop", "WeightDrop(Linear, p=0.2)")]
    [InlineData("DropPath", "DropPath(p=0.2)")]
    [InlineData("FastDropout", "FastDropout(p=0.2, inplace=False)")]
    [InlineData("FastDropout2d", "FastDropout2d(p=0.2, inplace=False)")]
    [InlineData("GaussianDropout", "GaussianDropout(p=0.2)")]
    [InlineData("TargetedDropoutLinear", "TargetedDropoutLinear(in_features=6, out_features=4, p=0.2, bias=True, target_share=0.5, units=False)")]
    [InlineData("VariationalDropout", "VariationalDropout(num_features=6, p=0.2)")]
    [InlineData("VariationalDropout2d", "VariationalDropout2d(num_features=6, p=0.2)")]
    public void ToString_NamesTheSettings(string name, string expected)
    {
        using var layer = Sibling.Of(name).Layer(0.2);
        Assert.Equal(expected, layer.ToString());
    }

    internal static Tensor Seeded(nn.Module<Tensor, Tensor> layer, Tensor x, long seed)
    {
        manual_seed(seed);
        return layer.call(x);
    }

    private static MemoryStream Saved(nn.Module module)
    {
        using var stream = new MemoryStream();
        module.save(stream);
        return new MemoryStream(stream.ToArray());
    }
}
