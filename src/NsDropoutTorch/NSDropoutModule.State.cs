using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

// G is the number of masks: num_classes, or 1 for a mask that all classes share. F is the number of neurons of a mask, num_features, or T times as many where each of T positions has its own.
public abstract partial class NSDropoutModule
{
    private readonly (HostCounter Steps, HostCounter MaskUpdates, HostCounter Captures) state;
    private KeptActivations? kept;

    // Known [G] is zero, or false, for a class without rows.
    private (Tensor Gap, Tensor Known) choice;

    // The drop rates of ranks, for the p that they were computed from.
    private (double P, float[] Rates) ascending = (double.NaN, []);

    /// <inheritdoc/>
    /// <remarks>All true before any was computed, and where masks are drawn.</remarks>
    public Tensor class_masks => Buffer(nameof(class_masks));

    /// <summary>Means of the last validation capture, [G, F]; zeros where <see cref="validation_counts"/> is 0.</summary>
    public Tensor validation_means => Buffer(nameof(validation_means));

    /// <summary>Rows of the last validation capture, Int64 [G].</summary>
    public Tensor validation_counts => Buffer(nameof(validation_counts));

    /// <summary>
    /// Running average of the training means, [G, F], NaN before a class was seen; null without <see cref="NSDropoutOptions.Momentum"/>.
    /// </summary>
    public Tensor? training_means => get_buffer(nameof(training_means));

    /// <summary>The rate at which each neuron is dropped, [F], as the last training step chose it; null without <see cref="NSDropoutOptions.GapShare"/>.</summary>
    public Tensor? drop_rates => get_buffer(nameof(drop_rates));

    /// <summary>Training steps seen.</summary>
    public long steps => state.Steps.Value;

    /// <summary>Training steps that computed masks; as long as it is 0, every eval mode is the identity.</summary>
    public long mask_updates => state.MaskUpdates.Value;

    /// <summary>Validation captures since construction or <see cref="ResetValidation"/>.</summary>
    public long validation_captures => state.Captures.Value;

    /// <inheritdoc/>
    public bool HasValidation => validation_captures > 0;

    private long NumMasks => options.SharedMask ? 1 : num_classes;

    /// <summary>Replaces the validation cache by the statistics of these activations; no rows leave it as it is.</summary>
    /// <param name="activations">What this layer gets as input in a validation pass, shape as in <see cref="forward(Tensor)"/>.</param>
    /// <param name="labels">Class indices [V], Int64 in [0, num_classes).</param>
    /// <exception cref="ArgumentException">The shape, dtype or device of the activations, or the labels, do not fit.</exception>
    public void CacheValidation(Tensor activations, Tensor labels)
    {
        CheckInput(activations);
        using var batch = LabelScope.UseForOneLayer(labels);
        using var scope = NewDisposeScope();
        CacheValidation(StatisticsOf(ToUnits(activations), "of a validation cache"));
    }

    /// <inheritdoc/>
    public void CacheValidation(ValidationStatistics statistics)
    {
        using var owned = statistics;
        if (statistics.Rows == 0) return;

        using var scope = NewDisposeScope();
        var means = statistics.Means();
        Widen(nameof(validation_means), means.dtype);
        validation_means.copy_(means);
        validation_counts.copy_(statistics.Counts);
        Keep(statistics.TakeKept());
        state.Captures.Increment();
    }

    /// <summary>
    /// The activations of the last capture and their labels, when <see cref="NSDropoutOptions.KeepActivations"/> is set: channels as
    /// their spatial means, sequences as their means over positions or as T·F columns, labels all zero for a shared mask.
    /// </summary>
    /// <returns>New tensors [V, F] and Int64 [V] that are the caller's, or null when none are kept.</returns>
    public (Tensor activations, Tensor labels)? KeptValidation() => kept is null ? null : (kept.Rows(), kept.Labels());

    /// <inheritdoc/>
    public Tensor Gaps()
    {
        using var scope = NewDisposeScope();
        return choice.Gap.masked_fill(choice.Known.logical_not().unsqueeze(1), Scalars.Of(double.NaN)).MoveToOuterDisposeScope();
    }

    /// <summary>Forgets the validation cache: the next training steps are ordinary dropout again. Masks and averages stay.</summary>
    public void ResetValidation()
    {
        validation_means.fill_(Scalars.Of(0));
        validation_counts.fill_(Scalars.Of(0));
        Keep(null);
        state.Captures.Value = 0;
    }

    /// <summary>Forgets everything: masks, averages, validation cache and counts are as after construction.</summary>
    public void ResetStatistics()
    {
        ResetValidation();
        class_masks.fill_(Scalars.Of(1));
        training_means?.fill_(Scalars.Of(double.NaN));
        drop_rates?.fill_(Scalars.Of(p));
        Remember(NoChoice());
        state.Steps.Value = 0;
        state.MaskUpdates.Value = 0;
    }

    private protected override void OnMoved(Device device) => kept?.MoveTo(device);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Keep(null);
            choice.Gap.Dispose();
            choice.Known.Dispose();
        }

        base.Dispose(disposing);
    }

    private (HostCounter, HostCounter, HostCounter) AddState(Device? device, ScalarType dtype)
    {
        using var plain = new PlainTensors();
        AddBuffer(nameof(class_masks), ones(NumMasks, numUnits, ScalarType.Bool, device));
        AddBuffer(nameof(validation_means), zeros(NumMasks, numUnits, dtype, device));
        AddBuffer(nameof(validation_counts), zeros(NumMasks, ScalarType.Int64, device));
        if (options.Momentum is not null)
            AddBuffer(nameof(training_means), full(NumMasks, numUnits, Scalars.Of(double.NaN), dtype, device));
        if (options.GapShare is not null)
            AddBuffer(nameof(drop_rates), full(numUnits, Scalars.Of(p), dtype, device));
        choice = NoChoice();
        return (AddCounter(nameof(steps)), AddCounter(nameof(mask_updates)), AddCounter(nameof(validation_captures)));
    }

    private void UpdateMasks(Tensor means, Tensor counts)
    {
        var gap = NSDropoutMath.Gap(means, validation_means, options.AbsoluteGap);
        var known = HostCounts.AreAllPositive(counts, validation_counts) ? null : counts.logical_and(validation_counts);
        if (options.GapShare is { } share)
            UpdateRates(GapRates.Pool(gap, known ?? counts), share);
        else
            UpdateClassMasks(NSDropoutMath.DropMask(gap, k, options.KeepLargest), known);
        Remember((gap.DetachFromDisposeScope(), (known ?? counts).DetachFromDisposeScope()));
        state.MaskUpdates.Increment();
    }

    // In place: graphs of earlier steps hold the rows they took, not this buffer.
    private void UpdateClassMasks(Tensor masks, Tensor? known) => class_masks.copy_(known is null ? masks : where(known.unsqueeze(1), masks, class_masks));

    // Where nothing is known, the rates of the step before stay.
    private void UpdateRates(Tensor gap, double share)
    {
        var rates = GapRates.Of(gap, p, share, options.Ranking, options.KeepLargest);
        drop_rates!.copy_(where(gap.isnan().all(), drop_rates, rates));
    }

    private bool CanUpdateInPlace(Tensor features, Tensor labels) =>
        options.Momentum is null && HostMask.Reaches(features) && features.is_contiguous()
        && labels.IsInPlace(ScalarType.Int64) && validation_means.IsInPlace(ScalarType.Float32)
        && (options.GapShare is null || drop_rates!.IsInPlace(ScalarType.Float32));

    // As the operators of Learn and UpdateMasks do, with the same bits.
    private void UpdateMasksInPlace(Tensor features, Tensor labels)
    {
        if (!choice.Gap.IsInPlace(ScalarType.Float32) || !choice.Known.IsInPlace(ScalarType.Bool))
            Remember(NoChoice());
        HostGaps.Compute(features, labels, (validation_means, validation_counts), options.AbsoluteGap, choice.Gap, choice.Known);
        if (options.GapShare is { } share)
            UpdateRatesInPlace(share);
        else
            HostTopK.Replace(choice.Gap, choice.Known, (int)k, options.KeepLargest, class_masks);
        state.MaskUpdates.Increment();
    }

    private void UpdateRatesInPlace(double share)
    {
        using var scope = NewDisposeScope();
        var gap = NumMasks == 1 && choice.Known.Elements<bool>()[0] ? choice.Gap : GapRates.Pool(choice.Gap, choice.Known);
        if (ascending.P != p)
            ascending = (p, [.. GapRates.Ascending(numUnits, p, share, options.Ranking, ScalarType.Float32, gap.device).Elements<float>()]);
        HostGapRates.Replace(gap, ascending.Rates, options.KeepLargest, drop_rates!);
    }

    private Tensor UpdateTrainingMeans(Tensor means, Tensor seen, double momentum)
    {
        Widen(nameof(training_means), means.dtype);
        return training_means!.copy_(NSDropoutMath.RunningMeans(training_means, means, seen, momentum));
    }

    private ValidationStatistics StatisticsOf(Tensor input, string when)
    {
        using var scope = NewDisposeScope();
        return ValidationStatistics.Of(Features(input), LabelsOf(input, when), NumMasks, options.KeepActivations);
    }

    private void Keep(KeptActivations? activations)
    {
        kept?.Dispose();
        kept = activations;
    }

    // Kept as the step computed them, so that a training step pays nothing for what only a report reads.
    private void Remember((Tensor Gap, Tensor Known) newest)
    {
        choice.Gap.Dispose();
        choice.Known.Dispose();
        choice = newest;
    }

    private (Tensor Gap, Tensor Known) NoChoice()
    {
        using var plain = new PlainTensors();
        return (
            full(NumMasks, numUnits, Scalars.Of(double.NaN), validation_means.dtype, validation_means.device).DetachFromDisposeScope(),
            zeros(NumMasks, ScalarType.Bool, validation_means.device).DetachFromDisposeScope());
    }
}
