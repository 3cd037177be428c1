using Spectre.Console;
using Spectre.Console.Rendering;

namespace NsDropoutTorch.Experiments.Audit;

/// <summary>The leakage audit of one network as a table for a terminal.</summary>
public static class AuditTable
{
    private const string Leaks = "leaks: no score";

    /// <summary>The table and the verdict; a pure function of the audit.</summary>
    /// <param name="title">What was audited.</param>
    /// <param name="audit">The audit.</param>
    public static IRenderable Of(string title, LayerAudit audit)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape(title)) }
            .AddColumn("test set, masks chosen by")
            .AddColumn(new TableColumn("figure").RightAligned())
            .AddColumn("what it is");
        foreach (var (masks, figure, meaning) in Rows(audit))
        {
            var style = meaning == Leaks ? Style.Parse("yellow") : Style.Plain;
            table.AddRow(new Text(masks, style), new Text(double.IsFinite(figure) ? Words.PlainPercent(figure) : DivergenceLines.Word, style), new Text(meaning, style));
        }

        return new Rows(table, new Text(audit.Sentence, audit.Verdict == LeakageVerdict.MaskDependent ? Style.Parse("yellow") : Style.Plain));
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
        yield return ("a random label", following, $"answers with that label; chance: {Words.PlainPercent(audit.ChanceRate)}");
        if (audit.Noise is { } noise)
        {
            yield return ("the true label, trained on shuffled labels", noise.TestErrorLabelMask, Leaks);
            yield return ("a random label, trained on shuffled labels", noise.MaskFollowingRate, "answers with that label");
        }
    }
}
