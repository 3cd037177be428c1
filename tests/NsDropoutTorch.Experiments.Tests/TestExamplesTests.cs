using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class TestExamplesTests
{
    [Fact]
    public void Of_FourSamples_OrdersMistakesByConfidenceAndRightAnswersByDoubt()
    {
        // Logits are the inputs: rows 0 and 3 are wrong, 3 the more so; rows 1 and 2 are right, 2 the less sure.
        using var test = new TensorData(
            torch.tensor(new float[] { 1, 0, 0, 3, 0, 0.5f, 0, 2 }).reshape(4, 2), torch.tensor(new long[] { 1, 1, 1, 0 }));
        using var model = new Logits();
        var images = new ImageSet(1, 1, 2, [0, 1, 2, 3, 4, 5, 6, 15], [1, 1, 1, 0], maxValue: 15);

        var examples = TestExamples.Of(model, test, images);

        Assert.Equal([3, 0, 2, 1], examples.Select(example => example.Row));
        Assert.Equal([(0, 1), (1, 0), (1, 1), (1, 1)], examples.Select(example => (example.Label, example.Predicted)));
        Assert.Equal(1 / (1 + Math.Exp(-2)), examples[0].Confidence, 1e-6);
        Assert.Equal((1, 1, 2), (examples[0].Image!.Channels, examples[0].Image!.Height, examples[0].Image!.Width));
        Assert.Equal([102, 255], examples[0].Image!.Pixels);
    }

    [Fact]
    public void Of_ManySamples_KeepsTwelveOfEach()
    {
        byte[] labels = [.. Enumerable.Range(0, 40).Select(i => (byte)(i % 2))];
        using var test = new TensorData(torch.zeros(40, 2), torch.tensor(Array.ConvertAll(labels, label => (long)label)));
        using var model = new Logits();

        Assert.Equal(2 * TestExamples.Each, TestExamples.Of(model, test, new ImageSet(1, 1, 1, new byte[40], labels)).Count);
    }

    private sealed class Logits() : nn.Module<Tensor, Tensor>("logits")
    {
        public override Tensor forward(Tensor input) => input.alias();
    }
}
