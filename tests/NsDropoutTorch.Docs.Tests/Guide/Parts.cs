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
