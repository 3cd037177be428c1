using NsDropoutTorch.Data;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class MetricTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(5_000_000)]
    public void Evaluate_AllMetrics_AreThoseOfThePlainLoops(long pieceBytes)
    {
        using var data = Models.Clouds(53, 1);
        using var model = Models.Mlp();
        var (loss, accuracy, top2, confusion) = (new MeanLoss(), new Accuracy(), new TopKAccuracy(2), new ConfusionMatrix(3));

        Trainer.Evaluate(model, data, [loss, accuracy, top2, confusion], pieceBytes);

        var (logits, labels) = Outputs(model, data);
        Assert.Equal(labels.Select((label, row) => CrossEntropy(logits[row], label)).Average(), loss.Value, 1e-6);
        Assert.Equal(labels.Where((label, row) => Rank(logits[row], label) < 1).Count() / 53.0, accuracy.Value);
        Assert.Equal(labels.Where((label, row) => Rank(logits[row], label) < 2).Count() / 53.0, top2.Value);
        Assert.Equal(Confusion(logits, labels), confusion.Value);
        Assert.Equal(Trainer.Evaluate(model, data).Error, 1 - accuracy.Value, 1e-15);
    }

    [Fact]
    public void Evaluate_SequenceOfBatches_IsThatOfTheWhole()
    {
        using var data = Models.Clouds(53, 1);
        using var model = Models.Mlp();
        var (whole, parts) = (new IMetric[] { new Accuracy(), new ConfusionMatrix(3) }, new IMetric[] { new Accuracy(), new ConfusionMatrix(3) });
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Trainer.Evaluate(model, data, whole);
        Trainer.Evaluate(model, Chunks.Of(53, 10).Select(piece =>
            (data.Inputs.narrow(0, piece.Start, piece.Length), data.Labels.narrow(0, piece.Start, piece.Length))), parts);

        Assert.Equal(((Accuracy)whole[0]).Value, ((Accuracy)parts[0]).Value);
        Assert.Equal(((ConfusionMatrix)whole[1]).Value, ((ConfusionMatrix)parts[1]).Value);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(model.training);
    }

    [Fact]
    public void Evaluate_MetricUsedAgain_ForgetsTheFirstTime()
    {
        using var data = Models.Clouds(53, 1);
        using var other = Models.Clouds(31, 2);
        using var model = Models.Mlp();
        var (confusion, accuracy) = (new ConfusionMatrix(3), new Accuracy());

        Trainer.Evaluate(model, data, [confusion, accuracy]);
        Trainer.Evaluate(model, other, [confusion, accuracy]);

        Assert.Equal(31, confusion.Value.Sum(row => row.Sum()));
        Assert.Equal(1 - ConfusionMatrix.Error(confusion.Value), accuracy.Value, 1e-15);
    }

    [Fact]
    public void TopKAccuracy_KOfAllClassesOrMore_IsOne()
    {
        using var data = Models.Clouds(20, 1);
        using var model = Models.Mlp();
        var (all, more) = (new TopKAccuracy(3), new TopKAccuracy(5));

        Trainer.Evaluate(model, data, [all, more]);

        Assert.Equal((1, 1), (all.Value, more.Value));
    }

    [Fact]
    public void Value_BeforeAnyEvaluation_IsNotANumber()
    {
        Assert.Equal(double.NaN, new Accuracy().Value);
        Assert.Empty(new ConfusionMatrix(3).Value);
    }

    [Fact]
    public void ConfusionCount_LabelOrPredictionThatIsNoClass_SaysTheRule()
    {
        using var inputs = tensor(new float[] { 9, 0, 0, 0, 0, 0, 0, 9, 9, 0, 0, 0 }, 3, 4);
        using var data = new TensorData(inputs.alias(), tensor(new long[] { 0, 0, 3 }));
        using var model = nn.Identity();

        // The second sample is predicted as class 3, the third is labelled so.
        Broken.Says(
            "labels and predictions must be classes in [0, 3), but got 2 samples with others.",
            () => Trainer.Evaluate(model, data, [new ConfusionMatrix(3)]));
    }

    [Fact]
    public void Options_OutOfRange_SayTheRule()
    {
        Broken.Says("k must be at least 1, but got 0.", () => _ = new TopKAccuracy(0));
        Broken.Says("number of classes must be at least 1, but got 0.", () => _ = new ConfusionMatrix(0));
    }

    private static (float[][] Logits, long[] Labels) Outputs(nn.Module<Tensor, Tensor> model, TensorData data)
    {
        using var logits = model.call(data.Inputs);
        return ([.. logits.data<float>().ToArray().Chunk(3)], data.Labels.data<long>().ToArray());
    }

    private static double CrossEntropy(float[] logits, long label) => Math.Log(logits.Sum(x => Math.Exp(x))) - logits[label];

    private static int Rank(float[] logits, long label) => logits.Count(x => x > logits[label]);

    private static long[][] Confusion(float[][] logits, long[] labels)
    {
        long[][] cells = [new long[3], new long[3], new long[3]];
        for (var row = 0; row < labels.Length; row++)
        {
            cells[labels[row]][Array.IndexOf(logits[row], logits[row].Max())]++;
        }

        return cells;
    }
}
