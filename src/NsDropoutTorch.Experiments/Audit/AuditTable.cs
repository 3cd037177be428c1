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
