using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Audit;

/// <summary>The leakage audit of one network as a table.</summary>
public static class AuditTable
{
    private const string Leaks = "leaks: no score";

    /// <summary>The table and the verdict; a pure function of the audit.</summary>
    /// <param name="title">What was audited.</param>
    /// <param name="audit">The audit.</param>
    public static TextTable Of(string title, LayerAudit audit) =>
        new(title, [new("test set, masks chosen by"), new("figure", IsNumeric: true), new("what it is")], [.. Rows(audit).Select(row => Row(row.Masks, row.Figure, row.Meaning))])
        {
            After = [new(audit.Sentence, audit.Tone)],
        };

    private static ToneText[] Row(string masks, double figure, string meaning)
    {
        var tone = meaning == Leaks ? Tone.Warning : Tone.Plain;
        return [new(masks, tone), new(double.IsFinite(figure) ? FigureText.PlainPercent(figure) : Divergence.Word, tone), new(meaning, tone)];
    }

    private static IEnumerable<(string Masks, double Figure, string Meaning)> Rows(LayerAudit audit)
    {
        yield return ("no label: no masks", audit.TestError, "error, the score");
        if (audit.MaskFollowingRate is not { } following)
        {
            yield break;
        }

        if (audit.TestErrorMeanMask is { } meanMask)
        {
            yield return ("no label: mean mask", meanMask, "error, a score too");
        }

        yield return ("the true label", audit.TestErrorLabelMask!.Value, Leaks);
        yield return ("a random label", following, $"answers with that label; chance: {FigureText.PlainPercent(audit.ChanceRate)}");
        if (audit.Noise is { } noise)
        {
            yield return ("the true label, trained on shuffled labels", noise.TestErrorLabelMask, Leaks);
            yield return ("a random label, trained on shuffled labels", noise.MaskFollowingRate, "answers with that label");
        }
    }
}

/// <summary>The words of a verdict.</summary>
internal static class AuditSentence
{
    public static string Of(LayerAudit audit) =>
        audit.Verdict is null ? NoVerdict(audit)
        : audit.MaskFollowingRate is null ? $"{audit.Layer} is clean: no label reaches it, so none can leak."
        : string.Join(' ', new[] { Verdict(audit), Errors(audit), Noise(audit), LeftOut(audit) }.OfType<string>());

    private static string NoVerdict(LayerAudit audit)
    {
        var reason = audit.Diverged.Count == 0 ? "nothing tells how many samples it was tested on" : $"it diverged with {FigureText.List([.. audit.Diverged.Select(run => run.ToString())])}";
        return $"{audit.Layer} has no verdict: {reason}.";
    }

    private static string Verdict(LayerAudit audit)
    {
        var rates = audit.RatesTested is { } tested and not 1 ? Invariant($" in any of the {tested} rates tested") : "";
        var verdict = audit.Verdict == LeakageVerdict.MaskDependent ? "is mask-dependent" : "reads labels but is clean here";
        return $"{audit.Layer} {verdict}: given the mask of a random label, it answers with that label {Percent(audit.MaskFollowingRate)} of the time; chance gives "
            + $"{Percent(audit.ChanceRate)}, and more than {Percent(audit.ChanceBound)}{rates} in at most one comparison of a thousand.";
    }

    private static string Errors(LayerAudit audit)
    {
        var meanMask = audit.TestErrorMeanMask is { } error ? $", {Percent(error)} with the mean mask" : "";
        return $"Its error is {Percent(audit.TestErrorLabelMask)} with masks of the true labels, {Percent(audit.TestError)} without masks{meanMask}.";
    }

    private static string? Noise(LayerAudit audit) => audit.Noise switch
    {
        null => null,
        { Diverged: { } diverged } => $"Its training on shuffled labels diverged with {diverged} and tells nothing.",
        var noise => $"Trained on shuffled labels, from which nothing can be learnt, it errs on {Percent(noise.TestErrorLabelMask)} with masks of the true labels, where guessing "
            + $"gives {Percent(1 - audit.ChanceRate)}, and follows the mask of a random label {Percent(noise.MaskFollowingRate)} of the time.",
    };

    private static string? LeftOut(LayerAudit audit) =>
        audit.Diverged.Count == 0 ? null : $"Left out, because it diverged there: {FigureText.List([.. audit.Diverged.Select(run => Invariant($"seed {run.Seed}"))])}.";

    private static string Percent(double? fraction) => FigureText.PlainPercent(fraction);
}
