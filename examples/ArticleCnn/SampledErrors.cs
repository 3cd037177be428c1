using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using static TorchSharp.torch;

namespace NsDropoutTorch.Examples;

/// <summary>The error on samples after each epoch, without dropout. Nothing is selected by it.</summary>
/// <param name="model">The model in training.</param>
/// <param name="sample">The samples.</param>
internal sealed class SampledErrors(nn.Module<Tensor, Tensor> model, TensorData sample) : Callback
{
    private readonly List<double> errors = [];

    public IReadOnlyList<double> Errors => errors;

    public override void OnFitBegin(FitContext context) => errors.Clear();

    public override void OnEpochEnd(FitContext context, EpochRecord record) => errors.Add(Trainer.Evaluate(model, sample).Error);
}
