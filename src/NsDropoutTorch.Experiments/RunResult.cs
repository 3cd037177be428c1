using System.Text.Json.Serialization;
using NsDropoutTorch.Display;
using NsDropoutTorch.Experiments.Audit;
using NsDropoutTorch.Experiments.Display;

namespace NsDropoutTorch.Experiments;

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
[TypeFormatterSource(typeof(RunFormatters))]
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
    /// <summary>Label-free mean cross-entropy on the test set; null in documents of before it was written.</summary>
    public double? TestLoss { get; init; }

    /// <summary>Samples of each class in the parts of the training set; null in documents of before it was written.</summary>
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

    /// <summary>
    /// A run that diverged without what would pass for its result; so does one of before runs were marked whose losses say it. Any other run is itself.
    /// </summary>
    internal RunResult Marked()
    {
        var epoch = History.FirstOrDefault(point => !double.IsFinite(point.TrainLoss))?.Epoch;
        return (Diverged ?? (epoch is null ? null : new(Seed, epoch, "training loss"))) is not { } diverged ? this : this with
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
    }

    /// <summary>For example <c>nsdropout, seed 22: test error without labels 89.70 %; with masks of the true labels 0.00 % (leaks); 99.10 % of answers follow the mask of a random label.</c></summary>
    public override string ToString() => RunText.Of(this);
}
