using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Docs.Tests.Guide;

// What docs/training.md shows of metrics, schedules and clipping.
#region mean-confidence
internal sealed class MeanConfidence() : MeanMetric("confidence", higherIsBetter: true)
{
    protected override Tensor Sum(Tensor outputs, Tensor labels) => outputs.softmax(1).max(1).values.sum();
}
#endregion

#region triangle
internal sealed record Triangle(int Epochs) : LearningRateSchedule
{
    public override double Factor(long iteration, int epoch) => 1 - (Math.Abs((2.0 * epoch / Epochs) - 1) * 0.9);
}
#endregion

#region tagger
internal sealed class Tagger : nn.Module<Tensor, Tensor>
{
    private readonly Embedding embedding;
    private readonly LSTM lstm;
    private readonly Dropout dropout = nn.Dropout(0.1);
    private readonly Linear output;

    public Tagger(int vocabulary, int hidden, int classes)
        : base(nameof(Tagger))
    {
        (embedding, lstm, output) = (nn.Embedding(vocabulary, hidden), nn.LSTM(hidden, hidden, batchFirst: true), nn.Linear(hidden, classes));
        RegisterComponents();
    }

    // [N,T] to [N,T,C]
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var (states, _, _) = lstm.call(embedding.call(tokens));
        return output.call(dropout.call(states)).MoveToOuterDisposeScope();
    }
}
#endregion

#region same-digit
internal sealed class SameDigit : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Sequential features = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 16));
    private readonly Linear output = nn.Linear(1, 1);

    public SameDigit()
        : base(nameof(SameDigit)) => RegisterComponents();

    public Tensor Distance(Tensor left, Tensor right) => (features.call(left) - features.call(right)).norm(1);

    public override Tensor forward(Tensor left, Tensor right) => output.call(Distance(left, right).unsqueeze(1)).squeeze(1);
}
#endregion
