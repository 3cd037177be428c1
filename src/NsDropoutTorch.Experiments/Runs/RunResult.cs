using System.Text.Json.Serialization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Text;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>What one run measured: an entry of <c>runs</c> in <c>results.json</c>.</summary>
/// <param name="Layer">The layer, as <see cref="LayerSpecification"/> writes it.</param>
/// <param name="P">Its rate; 0 for a layer without one.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Epochs">Epochs run.</param>
/// <param name="BestEpoch">The epoch whose weights are scored: the first with the lowest selection error, as the protocol measures it; the last epoch of a run that diverged.</param>
/// <param name="TestError">Label-free error on the test set; NaN for a run that diverged, and then null in the document.</param>
/// <param name="TestErrorLabelMask">Error with masks of the true labels: leaks. Null for layers that never see labels, and for a run that diverged.</param>
/// <param name="MaskFollowingRate">Predictions that follow the mask of a random label. Null likewise.</param>
/// <param name="TrainSeconds">Wall-clock time of the epochs with their validation passes.</param>
/// <param name="SamplesPerSecond">Fit samples trained on per second.</param>
/// <param name="History">One record per epoch.</param>
/// <param name="Confusion">Label-free counts on the test set; entry [i][j] is of true class i predicted as j; empty for a run that diverged.</param>
public sealed record RunResult(
    string Layer,
    double P,
    long Seed,
    int Epochs,
    int BestEpoch,
    double TestError,
    double? TestErrorLabelMask,
    double? MaskFollowingRate,
    double TrainSeconds,
    double SamplesPerSecond,
    IReadOnlyList<HistoryPoint> History,
    IReadOnlyList<IReadOnlyList<long>> Confusion)
{
    /// <summary>Label-free mean cross-entropy on the test set; null for a run that diverged.</summary>
    public double? TestLoss { get; init; }

    /// <summary>Mean of the rates of layers that learn theirs, or whose rate was found, in the epoch whose weights are scored; null for all others, and then left out of the document.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FoundP => BestEpoch < History.Count && History[BestEpoch].LearnedRates is { Count: > 0 } rates ? rates.Values.Average() : null;

    /// <summary>Samples of each class in the parts of the training set.</summary>
    public SplitCounts? Split { get; init; }

    /// <summary>What the leakage audit measured beside the scores; null for layers that never see labels.</summary>
    public RunAudit? Audit { get; init; }

    /// <summary>Where the training ceased to be finite, and then there are no scores; null: it did not.</summary>
    public Divergence? Diverged { get; init; }

    /// <summary>Class masks over epochs, a layer each; null where none were recorded, and then left out of the document.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MaskHistory>? Masks { get; init; }

    /// <summary>Distribution of the gaps, a layer each; null where it was not recorded, and then left out of the document.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GapHistogram>? Gaps { get; init; }

    /// <summary>Telling samples of the test set; null where none were recorded, and then left out of the document.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TestExample>? Examples { get; init; }

    /// <summary>The same run without what would pass for its result.</summary>
    /// <param name="diverged">Where it diverged.</param>
    public RunResult WithoutResult(Divergence diverged) => this with
    {
        Diverged = diverged,
        TestError = double.NaN,
        TestErrorLabelMask = null,
        MaskFollowingRate = null,
        TestLoss = null,
        Confusion = [],
        Audit = null,
        Masks = null,
        Gaps = null,
        Examples = null,
    };

    /// <summary>For example <c>nsdropout, seed 22: test error without labels 89.70 %; with masks of the true labels 0.00 % (leaks); 99.10 % of answers follow the mask of a random label.</c></summary>
    public override string ToString() => Diverged is { } diverged
        ? $"{Layer} diverged with {diverged} and has no test error."
        : Invariant($"{Layer}, seed {Seed}: test error without labels {FigureText.Percent(TestError)}{LeakText()}.");

    private string LeakText() => (TestErrorLabelMask, MaskFollowingRate) is not ({ } labelMask, { } following) ? ""
        : $"; with masks of the true labels {FigureText.Percent(labelMask)} (leaks); {FigureText.Percent(following)} of answers follow the mask of a random label";
}

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
    /// <summary>Drop rates that layers have learned, or that were found for them, by their names in the network; null where none learns one, and then left out of the document.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NamedValues? LearnedRates { get; init; }

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

/// <summary>How many samples of each class the parts of a run's training set have: <c>split</c> of a run in <c>results.json</c>.</summary>
/// <param name="Fit">What the weights were fitted to.</param>
/// <param name="MaskStatistics">What layers that learn from validation activations were shown; a layer without use for it may have fitted to it too.</param>
/// <param name="Selection">What scored the epochs.</param>
public sealed record SplitCounts(IReadOnlyList<long> Fit, IReadOnlyList<long> MaskStatistics, IReadOnlyList<long> Selection)
{
    /// <summary>The counts of a split.</summary>
    /// <param name="split">Rows of <paramref name="train"/>.</param>
    /// <param name="train">The training set.</param>
    /// <param name="numClasses">Number of classes.</param>
    internal static SplitCounts Of(DataSplit split, SampleSet train, int numClasses)
    {
        return new(Count(split.Fit), Count(split.MaskStatistics), Count(split.Selection));

        long[] Count(long[] rows)
        {
            var counts = new long[numClasses];
            foreach (var row in rows)
            {
                counts[train.Labels[row]]++;
            }

            return counts;
        }
    }
}

/// <summary>What the leakage audit of a model that reads labels measured beside the scores of its run: <c>audit</c> of a run in <c>results.json</c>.</summary>
/// <param name="TestErrorMeanMask">Error on the test set with the mean of all masks, which needs no label.</param>
/// <param name="Noise">The noise control; null where it was left out.</param>
public sealed record RunAudit(double TestErrorMeanMask, NoiseControl? Noise);

/// <summary>
/// The same network with the same recipe, trained on shuffled labels: inputs say nothing about them, so whatever masks of the true labels score on the test
/// set comes from the masks. Its figures are NaN, and null in the document, where that training diverged.
/// </summary>
/// <param name="Epochs">Epochs of the training.</param>
/// <param name="TestError">Error on the test set without labels; guessing gives 1 − 1/C.</param>
/// <param name="TestErrorLabelMask">Error on the test set with masks of the true labels.</param>
/// <param name="MaskFollowingRate">Predictions that follow the mask of a random label.</param>
public sealed record NoiseControl(int Epochs, double TestError, double TestErrorLabelMask, double MaskFollowingRate)
{
    /// <summary>Where the training on shuffled labels ceased to be finite; null: it did not.</summary>
    public Divergence? Diverged { get; init; }

    /// <summary>A control that tells nothing.</summary>
    internal static NoiseControl Of(Divergence diverged, int epochs) => new(epochs, double.NaN, double.NaN, double.NaN) { Diverged = diverged };
}
