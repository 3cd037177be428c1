using System.Text.Json.Serialization;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments;

/// <summary>One epoch of a run: an entry of <c>history</c> in <c>results.json</c>. It holds no times, so equal seeds give equal histories.</summary>
/// <param name="Epoch">Number of the epoch, from 0.</param>
/// <param name="TrainLoss">Mean loss while training, without penalties.</param>
/// <param name="TrainError">Error while training.</param>
/// <param name="SelectionLoss">Label-free loss on the selection part.</param>
/// <param name="SelectionError">Label-free error on the selection part.</param>
/// <param name="SelectionErrorLabelMask">Error on the selection part with masks of its true labels: leaks. Null where no label mask chooses the epoch.</param>
/// <param name="LearningRate">Rate of the last step.</param>
public sealed record HistoryPoint(
    int Epoch,
    double TrainLoss,
    double TrainError,
    double? SelectionLoss,
    double? SelectionError,
    double? SelectionErrorLabelMask,
    double LearningRate)
{
    /// <summary>Drop rates that layers have learned, by their names in the network; null where none learns one, and then left out of the document.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LearnedRates? LearnedRates { get; init; }

    internal static HistoryPoint Of(EpochRecord record, double? selectionErrorLabelMask) => new(
        record.Epoch,
        record.TrainLoss,
        record.TrainError,
        record.SelectionLoss,
        record.SelectionError,
        selectionErrorLabelMask,
        record.LearningRate)
    {
        LearnedRates = record.LearnedRates.Count == 0 ? null : record.LearnedRates,
    };
}
