using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>Chooses the samples of a test set that say most about a model: its most confident mistakes and its least confident right answers.</summary>
internal static class TestExamples
{
    /// <summary>At most so many of either kind.</summary>
    public const int Each = 12;

    /// <summary>The examples, predicted with no labels in scope; no masking layer of the model may read labels.</summary>
    /// <param name="model">Maps inputs to logits <c>[N,C]</c>.</param>
    /// <param name="test">The test set, on the model's device.</param>
    /// <param name="samples">The same samples, for their pictures.</param>
    public static IReadOnlyList<TestExample> Of(nn.Module<Tensor, Tensor> model, TensorData test, SampleSet samples)
    {
        using var scope = torch.NewDisposeScope();
        var (confidence, predicted) = nn.functional.softmax(Trainer.Predict(model, test.Inputs), 1).max(1);
        var (confidences, predictions) = (confidence.to(ScalarType.Float64).cpu().data<double>().ToArray(), predicted.cpu().data<long>().ToArray());
        var rows = Enumerable.Range(0, samples.Count).ToArray();
        var wrong = rows.Where(row => predictions[row] != samples.Labels[row]).OrderByDescending(row => confidences[row]).Take(Each);
        var unsure = rows.Where(row => predictions[row] == samples.Labels[row]).OrderBy(row => confidences[row]).Take(Each);
        return [.. wrong.Concat(unsure).Select(row => new TestExample(
            row, samples.Labels[row], (int)predictions[row], confidences[row], samples is ImageSet images ? ImageOf(images, row) : null))];
    }

    private static ExampleImage ImageOf(ImageSet images, int row) => new(
        images.Channels,
        images.Height,
        images.Width,
        Array.ConvertAll(images.PixelsOf(row).ToArray(), pixel => (byte)(pixel * byte.MaxValue / images.MaxValue)));
}

/// <summary>A sample of the test set and what a run made of it without labels: an entry of <c>examples</c> of a run in <c>results.json</c>.</summary>
/// <param name="Row">Its row in the test set, from 0.</param>
/// <param name="Label">Its true class.</param>
/// <param name="Predicted">The class predicted.</param>
/// <param name="Confidence">Softmax of the prediction, in [0, 1].</param>
/// <param name="Image">What it looks like; null where the data are no images.</param>
public sealed record TestExample(int Row, int Label, int Predicted, double Confidence, ExampleImage? Image = null);

/// <summary>A small picture.</summary>
/// <param name="Channels">C: 1 for grey, 3 for red, green and blue.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
/// <param name="Pixels">Intensities from 0 to 255, shape [C,H,W]; base64 in JSON.</param>
public sealed record ExampleImage(int Channels, int Height, int Width, byte[] Pixels);
