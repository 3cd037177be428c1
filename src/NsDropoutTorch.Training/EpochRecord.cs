namespace NsDropoutTorch.Training;

/// <summary>What one epoch of training measured. Errors are fractions in [0, 1].</summary>
/// <param name="Epoch">Number of the epoch, from 0.</param>
/// <param name="TrainLoss">Mean loss of the fit part as seen while training (dropout on, weights moving), without what is added to it.</param>
/// <param name="PenaltyLoss">Mean of what is added to the loss over the steps, penalties and the terms of modules; 0 without any.</param>
/// <param name="TrainError">Part of the fit samples that were wrong while training; NaN where the objective counts no errors.</param>
/// <param name="SelectionLoss">Mean loss of the selection part after the epoch, in evaluation mode; null without a selection part.</param>
/// <param name="SelectionError">Part of the selection samples that are wrong after the epoch; null without a selection part, and where the objective counts no errors.</param>
/// <param name="LearningRate">Learning rate of the epoch's last step.</param>
/// <param name="Seconds">Wall-clock time of the epoch with its validation pass, without callbacks. On a device, work that a callback waits for counts as the callback's.</param>
public sealed record EpochRecord(
    int Epoch,
    double TrainLoss,
    double PenaltyLoss,
    double TrainError,
    double? SelectionLoss,
    double? SelectionError,
    double LearningRate,
    double Seconds)
{
    /// <summary>Drop rates that layers learn, by the names of their modules, as they were after the epoch; empty when none is learned.</summary>
    public NamedValues LearnedRates { get; init; } = NamedValues.None;

    /// <summary><see cref="TrainerOptions.Metrics"/>, or the values of a step of one's own, on the fit part as seen while training, by name.</summary>
    public NamedValues TrainMetrics { get; init; } = NamedValues.None;

    /// <summary>The same on the selection part after the epoch, in evaluation mode; empty without a selection part.</summary>
    public NamedValues SelectionMetrics { get; init; } = NamedValues.None;
}
