using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Experiments.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class RnnTests
{
    [Fact]
    public void Build_Usual_StandsBetweenTheRecurrentLayers()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Rnn, "locked:p=0.3", after: [1], shape: [1, 8, 8], hidden: [32]);

        Assert.Equal(["rows", "gru1", "layer1", "gru2", "last", "hidden3", "relu3", "output"], model.named_children().Select(child => child.name));
        Assert.Equal([(64, 8), (64, 64)], model.modules().OfType<GRU>().Select(gru => (Rows(gru, "weight_ih_l0") / 3, Columns(gru, "weight_ih_l0"))));
        var locked = Assert.Single(model.modules().OfType<LockedDropout>());
        Assert.Equal((0.3, true), (locked.p, locked.batch_first));

        static int Rows(GRU gru, string name) => (int)gru.get_parameter(name)!.shape[0];
        static int Columns(GRU gru, string name) => (int)gru.get_parameter(name)!.shape[1];
    }

    [Fact]
    public void Build_AfterAllHiddenLayers_MasksSequencesAndThenFeatures()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Rnn, "nsdropout", after: [1, 2, 3], shape: [3, 5, 4], hidden: [6]);
        using var scope = NewDisposeScope();
        using var labels = LabelScope.Use(tensor(new long[] { 0, 1 }));

        Assert.Equal([typeof(NSDropoutSequence), typeof(NSDropoutSequence), typeof(NSDropout)], model.modules().OfType<NSDropoutModule>().Select(layer => layer.GetType()));
        Assert.Equal([2, 10], model.call(randn(2, 3, 5, 4)).shape);
    }

    /// <summary>Each row of an image, all its channels, is a step: computed here step by step from the weights.</summary>
    [Fact]
    public void Forward_IsThatOfAGruOverRows()
    {
        using var model = SmallNetwork.Build(ModelCatalog.Rnn, "none", after: [1], shape: [2, 3, 4], hidden: [6]);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var images = randn(5, 2, 3, 4);
        var steps = Enumerable.Range(0, 3).Select(row => cat([images[.., 0, row], images[.., 1, row]], 1)).ToArray();
        foreach (var gru in model.modules().OfType<GRU>())
            steps = Unrolled(gru, steps);

        var expected = SmallNetwork.OutputsFrom(model, steps[^1]);

        Assert.True(model.call(images).allclose(expected, 1e-5, 1e-6));

        static Tensor[] Unrolled(GRU gru, Tensor[] inputs)
        {
            var state = zeros(5, 64);
            return [.. inputs.Select(input =>
            {
                var (x, h) = (Map(gru, "ih", input), Map(gru, "hh", state));
                var (reset, update) = ((x[0] + h[0]).sigmoid(), (x[1] + h[1]).sigmoid());
                return state = ((1 - update) * (x[2] + (reset * h[2])).tanh()) + (update * state);
            })];
        }

        static Tensor[] Map(GRU gru, string of, Tensor input) => nn.functional.linear(input, gru.get_parameter($"weight_{of}_l0")!, gru.get_parameter($"bias_{of}_l0")!).chunk(3, 1);
    }
}
