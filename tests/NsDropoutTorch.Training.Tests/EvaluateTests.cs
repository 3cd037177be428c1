using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class EvaluateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(100)]
    [InlineData(5_000_000)]
    public void Evaluate_InPieces_EqualsTheWhole(long pieceBytes)
    {
        using var data = Models.Clouds(53, 1);
        using var model = Models.Mlp();
        using var logits = model.call(data.Inputs);

        var evaluation = Trainer.Evaluate(model, data, pieceBytes: pieceBytes);

        var (loss, error) = Oracle(logits.data<float>().ToArray(), data.Labels.data<long>().ToArray());
        Assert.Equal(loss, evaluation.Loss, 6);
        Assert.Equal(error, evaluation.Error);
        Assert.Equal(53, evaluation.Count);
    }

    [Fact]
    public void Predict_InPieces_EqualsTheWhole()
    {
        using var data = Models.Clouds(53, 1);
        using var model = Models.Mlp();
        using var whole = model.call(data.Inputs);

        using var pieces = Trainer.Predict(model, data.Inputs, pieceBytes: 100);

        Assert.Equal(whole.data<float>().ToArray(), pieces.data<float>().ToArray(), new Near(1e-6f));
        Assert.False(pieces.requires_grad);
    }

    [Fact]
    public void Predict_PieceBytes_BoundTheRowsTheModelSees()
    {
        using var data = Models.Clouds(53, 1);
        using var spy = new Spy();

        // Four floats a row: 100 bytes hold six rows.
        Trainer.Predict(spy, data.Inputs, pieceBytes: 100).Dispose();

        Assert.Equal([6, 6, 6, 6, 6, 6, 6, 6, 5], spy.Rows);
    }

    [Fact]
    public void Evaluate_ModelInTrainingMode_IsEvaluatedInEvalModeAndPutBack()
    {
        using var data = Models.Clouds(8, 1);
        using var spy = new Spy();
        spy.train();

        Trainer.Evaluate(spy, data);

        Assert.Equal([false], spy.WasTraining);
        Assert.True(spy.training);
    }

    [Fact]
    public void Evaluate_Labels_AreInScopeForEachPiece()
    {
        using var data = Models.Clouds(10, 1);
        using var spy = new Spy();

        Trainer.Evaluate(spy, data, pieceBytes: 64);

        Assert.Equal(data.Labels.data<long>().ToArray(), spy.LabelsInScope);
    }

    [Fact]
    public void Predict_OfInputsAlone_HasNoLabelsInScope()
    {
        using var data = Models.Clouds(10, 1);
        using var spy = new Spy();

        Trainer.Predict(spy, data.Inputs).Dispose();

        Assert.Empty(spy.LabelsInScope);
    }

    [Theory]
    [InlineData(3136, 5_000_000, 1594)]
    [InlineData(3136, 3136, 1)]
    [InlineData(3136, 1, 1)]
    [InlineData(0, 10, 10)]
    public void RowsPerPiece_IsWhatFitsAndAtLeastOne(long sampleBytes, long pieceBytes, long expected) =>
        Assert.Equal(expected, EvaluationLoop.RowsPerPiece(sampleBytes, pieceBytes));

    private static (double Loss, double Error) Oracle(float[] logits, long[] labels)
    {
        var (loss, wrong) = (0.0, 0);
        for (var row = 0; row < labels.Length; row++)
        {
            var scores = logits[(row * 3)..((row * 3) + 3)];
            loss += Math.Log(scores.Sum(score => Math.Exp(score))) - scores[labels[row]];
            wrong += Array.IndexOf(scores, scores.Max()) == labels[row] ? 0 : 1;
        }

        return (loss / labels.Length, (double)wrong / labels.Length);
    }

    /// <summary>Notes what it is called with.</summary>
    private sealed class Spy() : nn.Module<Tensor, Tensor>(nameof(Spy)), IReadsLabels
    {
        public bool UsesLabels => true;

        public List<long> Rows { get; } = [];

        public List<bool> WasTraining { get; } = [];

        public List<long> LabelsInScope { get; } = [];

        public override Tensor forward(Tensor input)
        {
            Rows.Add(input.shape[0]);
            WasTraining.Add(training);
            if (LabelScope.Current is { } scope)
            {
                LabelsInScope.AddRange(scope.For(input.shape[0], 3, CPU).data<long>().ToArray());
            }

            return input.narrow(1, 0, 3).clone();
        }
    }
}
