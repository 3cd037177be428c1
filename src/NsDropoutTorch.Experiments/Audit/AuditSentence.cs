namespace NsDropoutTorch.Experiments.Audit;

/// <summary>The words of a verdict.</summary>
internal static class AuditSentence
{
    public static string Of(LayerAudit audit) => audit.MaskFollowingRate is null
        ? $"{audit.Layer} is clean: no label reaches it, so none can leak."
        : string.Join(' ', new[] { Verdict(audit), Errors(audit), Noise(audit) }.OfType<string>());

    private static string Verdict(LayerAudit audit)
    {
        var (following, chance, bound) = (Percent(audit.MaskFollowingRate), Percent(audit.ChanceRate), Percent(audit.ChanceBound));
        return audit.Verdict == LeakageVerdict.MaskDependent
            ? $"{audit.Layer} is mask-dependent: given the mask of a random label, it answers with that label {following} of the time; chance gives {chance}, "
                + $"and no more than {bound} but for one audit in a thousand."
            : $"{audit.Layer} reads labels but is clean here: given the mask of a random label, it answers with that label {following} of the time, no more than the "
                + $"{bound} that chance stays below but for one audit in a thousand.";
    }

    private static string Errors(LayerAudit audit)
    {
        var meanMask = audit.TestErrorMeanMask is { } error ? $", {Percent(error)} with the mean mask" : "";
        return $"Its error is {Percent(audit.TestErrorLabelMask)} with masks of the true labels, {Percent(audit.TestError)} without masks{meanMask}.";
    }

    private static string? Noise(LayerAudit audit) => audit.Noise is { } noise
        ? $"Trained on shuffled labels, from which nothing can be learnt, it errs on {Percent(noise.TestErrorLabelMask)} with masks of the true labels, where guessing "
            + $"gives {Percent(1 - audit.ChanceRate)}, and follows the mask of a random label {Percent(noise.MaskFollowingRate)} of the time."
        : null;

    private static string Percent(double? fraction) => Words.PlainPercent(fraction);
}
