using NsDropoutTorch.Dropouts;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>What a step has to compute, against sums by hand.</summary>
public sealed class StepWorkTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void OfAverageLayer_Matrices_AreOutputsTimesInputsAnd16ForEachPlaceAnd4ForEachWeight()
    {
        var model = nn.Sequential(nn.Linear(28, 64), nn.LayerNorm(64), nn.ReLU(), nn.Flatten(), nn.Linear(1792, 10, hasBias: false));

        // The norm has weights too, and is no layer.
        Assert.Equal(
            ((5 * 28 * ((64 * (28 + 16)) + (10 * (1792 + 16)))) + (4 * ((64 * 29) + 128 + 17920))) / 2.0,
            StepWork.OfAverageLayer(model, rand(3, 28, 28), samples: 5));
    }

    [Fact]
    public void OfAverageLayer_Recurrent_TakesOnePlaceAfterTheOther()
    {
        var weights = (3 * 8 * (5 + 8)) + (6 * 8);
        var products = (3 * 8 * (5 + 16)) + (3 * 8 * (8 + 16));

        Assert.Equal(((2 * products) + (4 * weights)) / 2.0, StepWork.OfAverageLayer(new LastOfGru(words: false), rand(2, 7, 5), samples: 2));
        // Both matrices are one layer where a sample is sent through.
        Assert.Equal((2 * weights) + (4 * (weights + 50)), StepWork.OfAverageLayer(new LastOfGru(words: true), randint(10, [2, 7]), samples: 2));
    }

    [Fact]
    public void OfAverageLayer_Convolutions_AreCountedWhereTheyMeetTheirInput()
    {
        var plain = nn.Sequential(nn.Conv2d(2, 6, 3, stride: 2, groups: 2), nn.BatchNorm2d(6), nn.Flatten(), nn.Linear(54, 3));
        var transposed = nn.ConvTranspose2d(3, 5, 4);

        Assert.Equal(
            ((10 * ((54 * 9) + (16 * 54) + (3 * 54) + (16 * 3))) + (4 * (60 + 12 + 165))) / 2.0,
            StepWork.OfAverageLayer(plain, rand(4, 2, 8, 8), samples: 10));
        Assert.Equal(
            (10 * ((3 * 64 * 5 * 16) + (16 * 5 * 121))) + (4 * 245),
            StepWork.OfAverageLayer(transposed, rand(4, 3, 8, 8), samples: 10));
    }

    [Fact]
    public void OfAverageLayer_Words_MultiplyNothingAndHaveWeights()
    {
        var model = nn.Sequential(nn.Embedding(50, 8), nn.Flatten(), nn.Linear(32, 10));
        const double Expected = (7 * ((32 * 10) + 160)) + (4 * (400 + 330));

        Assert.Equal(Expected, StepWork.OfAverageLayer(model, randint(50, [2, 4]), samples: 7));
        Assert.Equal(Expected, StepWork.OfAverageLayer(nn.Sequential(new Shades(), model), rand(2, 4), samples: 7));
    }

    [Theory]
    [InlineData("embedding alone")]
    [InlineData("no matrix")]
    [InlineData("layer not called")]
    [InlineData("matrix of one's own")]
    [InlineData("full batches alone")]
    [InlineData("training mode alone")]
    [InlineData("two inputs")]
    public void OfAverageLayer_Unknown_IsNull(string name)
    {
        var (convolution, inputs) = (nn.Conv1d(1, 2, 3), rand(4, 1, 9));
        nn.Module model = name switch
        {
            "embedding alone" => nn.Embedding(10, 2),
            "no matrix" => nn.LayerNorm(9),
            "layer not called" => new Own(convolution, input => convolution.forward(input)),
            "matrix of one's own" => new Own(convolution, convolution.call) { Matrix = nn.Parameter(rand(2, 2)) },
            "full batches alone" => new Own(convolution, input => convolution.call(input.view(4, 1, 9))),
            "training mode alone" => new Own(convolution, input => convolution.training ? convolution.call(input) : throw new NotSupportedException()),
            _ => new TwoInputs(convolution),
        };

        Assert.Null(StepWork.OfAverageLayer(model, name == "embedding alone" ? randint(10, [4, 3]) : inputs, samples: 4));
    }

    [Fact]
    public void OfAverageLayer_SampleSentThrough_ChangesNothing()
    {
        var (convolution, frozen) = (nn.Conv1d(1, 2, 3), nn.BatchNorm1d(2));
        var generator = new Generator(5);
        var drawing = nn.NSDropout2d(2, 3, options: NSDropoutOptions.LabelFree);
        (drawing.DrawsInEval, drawing.generator) = (true, generator);
        var masked = nn.NSDropout2d(2, 3, options: new() { EvalMode = EvalMode.LabelMask });
        var model = nn.Sequential(new Own(convolution, input => nn.functional.dropout(convolution.call(input.neg_()), training: true)), frozen, nn.Unflatten(2, [7, 1]), drawing, masked, nn.Flatten(), nn.Linear(14, 2));
        frozen.eval();
        masked.CacheValidation(rand(6, 2, 1, 1), arange(6).remainder(3));
        var inputs = rand(4, 1, 9);
        using (LabelScope.Use(arange(4).remainder(3))) model.call(inputs).Dispose();
        var (input, own, torch, live) = (inputs.clone(), generator.get_state(), get_rng_state(), DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        Assert.NotNull(StepWork.OfAverageLayer(model, inputs, samples: 4));

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal((true, false, true), (model.training, frozen.training, convolution.training));
        Assert.True(inputs.equal(input).all().item<bool>());
        Assert.True(generator.get_state().equal(own).all().item<bool>());
        Assert.True(get_rng_state().equal(torch).all().item<bool>());
    }

    /// <summary>A model of a user's own around a layer.</summary>
    private sealed class Own : nn.Module<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> compute;

        public Own(nn.Module layer, Func<Tensor, Tensor> compute)
            : base(nameof(Own))
        {
            this.compute = compute;
            register_module(nameof(layer), layer);
        }

        public Parameter Matrix
        {
            init => register_parameter(nameof(Matrix), value);
        }

        public override Tensor forward(Tensor input) => compute(input);
    }

    private sealed class TwoInputs : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly Conv1d convolution;

        public TwoInputs(Conv1d convolution)
            : base(nameof(TwoInputs))
        {
            this.convolution = convolution;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input, Tensor other) => convolution.call(input) * other;
    }

    private sealed class LastOfGru : nn.Module<Tensor, Tensor>
    {
        private readonly Embedding? embedding;
        private readonly GRU gru = nn.GRU(5, 8, batchFirst: true);

        public LastOfGru(bool words)
            : base(nameof(LastOfGru))
        {
            embedding = words ? nn.Embedding(10, 5) : null;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => gru.call(embedding?.call(input) ?? input).Item1.select(1, -1);
    }

    /// <summary>Of numbers in [0, 1) one of 50 words each.</summary>
    private sealed class Shades() : nn.Module<Tensor, Tensor>(nameof(Shades))
    {
        public override Tensor forward(Tensor input) => (input * 50).to(ScalarType.Int64);
    }
}
