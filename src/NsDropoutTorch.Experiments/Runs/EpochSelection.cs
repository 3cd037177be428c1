using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>
/// Chooses the epoch whose weights are scored: the one with the lowest selection error, without labels or, as the notebooks do it, with
/// masks of the true labels where a layer has such masks; without a selection part it chooses none.
/// </summary>
/// <param name="selection">The selection part, on the model's device; null: there is none.</param>
/// <param name="withLabelMasks">Whether label masks choose; they are measured only then.</param>
/// <param name="watch">Told of the loss with label masks.</param>
internal sealed class EpochSelection(TensorData? selection, bool withLabelMasks, DivergenceWatch watch) : Callback, IDisposable
{
    private readonly BestWeights best = new();
    private readonly List<double?> labelMaskErrors = [];

    /// <summary>The epoch chosen so far.</summary>
    public int? Epoch => best.Epoch;

    /// <summary>Errors with label masks by epoch; null where they were not measured.</summary>
    public IReadOnlyList<double?> LabelMaskErrors => labelMaskErrors;

    /// <inheritdoc/>
    public override void OnFitBegin(FitContext context)
    {
        best.ResetState();
        labelMaskErrors.Clear();
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        var labelMasks = withLabelMasks && selection is not null && LabelMasks.ReadLabels(context.Model) ? WithLabelMasks(context.Model, selection) : null;
        watch.Look(context, record.Epoch, labelMasks?.Loss, "selection loss with label masks");
        labelMaskErrors.Add(labelMasks?.Error);
        if ((labelMasks?.Error ?? record.SelectionError) is { } error)
        {
            best.Consider(context.Model, record.Epoch, error);
        }
    }

    /// <summary>Puts the weights of the chosen epoch back; without a selection part they are those of the last.</summary>
    public void Restore(nn.Module model)
    {
        if (selection is not null)
        {
            best.Restore(model);
        }
    }

    public void Dispose() => best.Dispose();

    private static Evaluation WithLabelMasks(nn.Module<Tensor, Tensor> model, TensorData selection)
    {
        using var mode = LabelMasks.Use(model, EvalMode.LabelMask);
        return Trainer.Evaluate(model, selection);
    }
}
