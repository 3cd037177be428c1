using System.Reflection;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class ModelSummaryTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Of_Mlp_CountsByHand()
    {
        var model = nn.Sequential(("hidden", nn.Linear(784, 128)), ("relu", nn.ReLU()), ("drop", nn.NSDropout(128, 10)), ("output", nn.Linear(128, 10, hasBias: false)));
        model.named_parameters().Single(named => named.name == "hidden.bias").parameter.requires_grad = false;

        var summary = ModelSummary.Of(model, [32, 784]);

        Assert.Equal(["hidden", "relu", "drop", "output"], summary.Layers.Select(layer => layer.Path));
        Assert.Equal(["Linear", "ReLU", "NSDropout", "Linear"], summary.Layers.Select(layer => layer.Type));
        Assert.Equal(["32 128", "32 128", "32 128", "32 10"], summary.Layers.Select(layer => string.Join(' ', layer.OutputShape!)));
        Assert.Equal([100_480, 0, 0, 1_280], summary.Layers.Select(layer => layer.Parameters));
        Assert.Equal([128, 0, 0, 0], summary.Layers.Select(layer => layer.FrozenParameters));
        Assert.Equal([32 * 784 * 128, 0, 0, 32 * 1_280], summary.Layers.Select(layer => layer.MultiplyAdds!.Value));
        Assert.Equal([1, 1, 1, 1], summary.Layers.Select(layer => layer.Calls!.Value));
        Assert.Equal((101_760, 128, 32 * 101_632), (summary.Parameters, summary.FrozenParameters, summary.MultiplyAdds));
        Assert.Equal(model.buffers().Sum(buffer => buffer.numel()), summary.Buffers);
        Assert.Equal((101_760 * 4) + model.buffers().Sum(buffer => buffer.numel() * buffer.ElementSize), summary.Bytes);
    }

    [Fact]
    public void Of_Cnn_CountsByHand()
    {
        var model = nn.Sequential(
            ("features", nn.Sequential(
                nn.Conv2d(3, 8, 3, padding: 1, stride: 2), nn.BatchNorm2d(8), nn.Conv2d(8, 16, 3, groups: 4, bias: false), nn.MaxPool2d(2))),
            ("up", nn.ConvTranspose2d(16, 4, 2, stride: 2)),
            ("flat", nn.Flatten()));

        var summary = ModelSummary.Of(model, [2, 3, 16, 16]);

        // 16 → 8 by the stride, → 6 by the kernel, → 3 by the pooling, → 6.
        Assert.Equal(
            [
                ("features.0", "2 8 8 8", (3 * 8 * 9) + 8, 0, 2 * 8 * 8 * 8 * (3 * 9)),
                ("features.1", "2 8 8 8", 16, 17, 0),
                ("features.2", "2 16 6 6", 16 * 2 * 9, 0, 2 * 16 * 6 * 6 * (2 * 9)),
                ("features.3", "2 16 3 3", 0, 0, 0),
                ("up", "2 4 6 6", (16 * 4 * 4) + 4, 0, 2 * 16 * 3 * 3 * (4 * 4)),
                ("flat", "2 144", 0, 0, 0),
            ],
            summary.Layers.Select(layer => (layer.Path, string.Join(' ', layer.OutputShape!), layer.Parameters, layer.Buffers, layer.MultiplyAdds!.Value)));
        // The counter of a batch normalisation is an Int64.
        Assert.Equal((4 * (summary.Parameters + 16)) + 8, summary.Bytes);
    }

    [Fact]
    public void Of_ConvolutionsOfOneAndThreeDimensions_CountsByHand()
    {
        Assert.Equal(2 * 6 * 8 * (5 * 3), ModelSummary.Of(nn.Conv1d(5, 6, 3), [2, 5, 10]).MultiplyAdds);
        Assert.Equal(6 * 4 * 4 * 4 * (5 * 8), ModelSummary.Of(nn.Conv3d(5, 6, 2), [1, 5, 5, 5, 5]).MultiplyAdds);
        Assert.Equal(2 * 5 * 10 * (6 * 3), ModelSummary.Of(nn.ConvTranspose1d(5, 6, 3), [2, 5, 10]).MultiplyAdds);
        Assert.Equal(5 * 4 * 4 * 4 * (6 * 8), ModelSummary.Of(nn.ConvTranspose3d(5, 6, 2), [1, 5, 4, 4, 4]).MultiplyAdds);
    }

    [Fact]
    public void Of_SharedModule_IsThereOnceWithItsCalls()
    {
        var shared = nn.Linear(4, 4);
        var model = nn.Sequential(("a", shared), ("relu", nn.ReLU()), ("b", shared));

        var summary = ModelSummary.Of(model, [3, 4]);

        Assert.Equal([("a", 2), ("relu", 1)], summary.Layers.Select(layer => (layer.Path, layer.Calls!.Value)));
        Assert.Equal((20, 2 * 3 * 16), (summary.Parameters, summary.MultiplyAdds));
    }

    [Fact]
    public void Of_SharedParameter_IsCountedOnce()
    {
        var (one, other) = (nn.Linear(4, 4), nn.Linear(4, 4, hasBias: false));
        other.weight = one.weight;

        var summary = ModelSummary.Of(nn.Sequential(one, other), [1, 4]);

        Assert.Equal([20, 0], summary.Layers.Select(layer => layer.Parameters));
        Assert.Equal((20, 32), (summary.Parameters, summary.MultiplyAdds));
    }

    [Fact]
    public void Of_NestedSequentials_NamesThePathsInTheirOrder()
    {
        var model = nn.Sequential(nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU())), nn.Linear(3, 1));

        Assert.Equal(["0.0", "0.1.0", "1"], ModelSummary.Of(model, [1, 2]).Layers.Select(layer => layer.Path));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Of_RecurrentLayers_CountsByHand(int layers, bool isBidirectional)
    {
        // Five steps of two samples; a cell multiplies its input and its state, a further layer the states of all directions.
        var directions = isBidirectional ? 2 : 1;
        long Cells(int gates) => 10L * directions * gates * 7 * ((3 + 7) + ((layers - 1) * ((7 * directions) + 7)));

        Assert.Equal(Cells(1), One(nn.RNN(3, 7, layers, bidirectional: isBidirectional)));
        Assert.Equal(Cells(3), One(nn.GRU(3, 7, layers, bidirectional: isBidirectional)));
        Assert.Equal(Cells(4), One(nn.LSTM(3, 7, layers, batchFirst: true, bidirectional: isBidirectional)));

        long? One(nn.Module layer)
        {
            var summary = ModelSummary.Of(new Recurrent(layer), [5, 2, 3]);
            Assert.Equal([5, 2, 7 * directions], summary.Layers.Single().OutputShape!);
            return summary.Layers.Single().MultiplyAdds;
        }
    }

    [Fact]
    public void Of_Embedding_TakesNumbersOfWordsAndMultipliesNothing()
    {
        var summary = ModelSummary.Of(nn.Sequential(nn.Embedding(100, 8), nn.Linear(8, 2)), [4, 6], ScalarType.Int64);

        Assert.Equal([(800, 0), (18, 4 * 6 * 16)], summary.Layers.Select(layer => ((int)layer.Parameters, (int)layer.MultiplyAdds!.Value)));
    }

    [Fact]
    public void Of_LayersOfOnesOwn_AreNotGuessed()
    {
        var summary = ModelSummary.Of(new Own(), [2, 3]);

        // The model has a parameter itself, one layer is not called, and one takes three inputs.
        Assert.Equal(
            [("Own", 3, null, 1), ("known", 12, 18, 1), ("idle", 12, 0, 0), ("two", 3, null, 1), ("three", 0, 0, null)],
            summary.Layers.Select(layer => (layer.Path, (int)layer.Parameters, (int?)layer.MultiplyAdds, layer.Calls)));
        Assert.Null(summary.Layers[2].OutputShape);
        Assert.Equal((30, 18), (summary.Parameters, summary.MultiplyAdds));
        Assert.Contains("without 2 layers of which they are not known (?).", summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Input_IsTaken()
    {
        using var model = nn.Linear(3, 2, dtype: ScalarType.Float64);

        Assert.Equal([5, 2], ModelSummary.Of(model, ones(5, 3, ScalarType.Float64)).Layers.Single().OutputShape!);
        Assert.Equal("Linear", ModelSummary.Of(model, [5, 3]).Layers.Single().Path);
    }

    [Fact]
    public void Of_ModelOfTwoInputs_SaysWhatItMustBe() => Assert.Equal(
        "a summary needs a model from one tensor to one tensor (nn.Module<Tensor, Tensor>), but got Bilinear; wrap it in one that makes the other inputs itself.",
        Assert.Throws<ArgumentException>(() => ModelSummary.Of(nn.Bilinear(2, 2, 2), [1, 2])).Message);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_Model_LeavesItAsItWas(bool throws)
    {
        var (norm, frozen) = (nn.BatchNorm1d(4), nn.Dropout());
        frozen.eval();
        var model = nn.Sequential(norm, frozen, nn.Linear(throws ? 5 : 4, 2));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        if (throws)
            Assert.ThrowsAny<Exception>(() => ModelSummary.Of(model, [3, 4]));
        else
            Assert.Equal(1, ModelSummary.Of(model, [3, 4]).Layers[0].Calls);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal((true, true, false), (model.training, norm.training, frozen.training));
        Assert.Equal(0, norm.num_batches_tracked!.ToInt64());
        Assert.All(HooksOf(norm), hooks => Assert.Equal(0, hooks));
    }

    [Fact]
    public void ToString_Summary_IsAnAlignedTable()
    {
        var model = nn.Sequential(("hidden", nn.Linear(1_000, 2)), ("relu", nn.ReLU()));

        Assert.Equal(
            """
            layer   type    output  parameters  frozen  buffers  multiply-adds  bytes  calls
            ────────────────────────────────────────────────────────────────────────────────
            hidden  Linear  [1, 2]       2,002       0        0          2,000  8,008      1
            relu    ReLU    [1, 2]           0       0        0              0      0      1
            ────────────────────────────────────────────────────────────────────────────────
            total                        2,002       0        0          2,000  8,008
            Multiply-adds are those of an input [1, 1000].
            """,
            ModelSummary.Of(model, [1, 1_000]).ToString(),
            ignoreLineEndingDifferences: true);
    }

    // TorchSharp has no public view of them.
    private static IEnumerable<int> HooksOf(nn.Module module)
    {
        string[] names = ["pre_hooks", "post_hooks", "module_pre_hooks", "module_post_hooks"];
        return names.Select(name => ((System.Collections.IDictionary)module.GetType().GetRuntimeFields().Single(field => field.Name == name).GetValue(module)!).Count);
    }

    private sealed class Recurrent : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module layer;

        public Recurrent(nn.Module layer)
            : base(nameof(Recurrent))
        {
            this.layer = layer;
            register_module("layer", layer);
        }

        public override Tensor forward(Tensor input) => layer switch
        {
            LSTM lstm => lstm.call(input, null).Item1,
            nn.Module<Tensor, Tensor?, (Tensor, Tensor)> other => other.call(input, null).Item1,
            _ => throw new NotSupportedException(),
        };
    }

    private sealed class Own : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter scale = new(ones(3L));
        private readonly Linear known = nn.Linear(3, 3);
        private readonly Linear idle = nn.Linear(3, 3);
        private readonly Bilinear two = nn.Bilinear(1, 1, 3, hasBias: false);
        private readonly Three three = new();

        public Own()
            : base(nameof(Own))
        {
            register_parameter("scale", scale);
            register_module("known", known);
            register_module("idle", idle);
            register_module("two", two);
            register_module("three", three);
        }

        public override Tensor forward(Tensor input)
        {
            var one = known.call(input * scale);
            var column = one.narrow(1, 0, 1);
            return three.call(one, two.call(column, column), one);
        }
    }

    private sealed class Three() : nn.Module<Tensor, Tensor, Tensor, Tensor>(nameof(Three))
    {
        public override Tensor forward(Tensor a, Tensor b, Tensor c) => a + b + c;
    }
}
