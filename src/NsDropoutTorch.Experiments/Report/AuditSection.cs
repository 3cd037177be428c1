using NsDropoutTorch.Experiments.Audit;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>The leakage audit: the first thing on the page, in words with numbers. The verdict is the one the terminal prints.</summary>
internal static class AuditSection
{
    public static Html Of(ComparisonResults results)
    {
        var judged = LayerAudit.Of(results.Runs).Where(audit => audit.Verdict is not null).ToArray();
        var verdicts = judged.Where(audit => audit.MaskFollowingRate is not null).ToArray();
        var without = judged.Except(verdicts).Select(audit => audit.Layer).ToArray();
        var others = without.Length == 0 ? "" : $"{FigureText.List(without)} never {(without.Length == 1 ? "sees" : "see")} a label outside the loss, so nothing can leak there.";
        return judged.Length == 0 ? Html.Empty : verdicts.Length == 0
            ? Html.Of($"""{Panel("calm", "No layer here reads labels", Html.Of($"<p class=\"lead\">{others} All errors below are scores.</p>"))}""")
            : Html.Join([.. verdicts.Select(verdict => Of(verdict, others))]);
    }

    private static Html Of(LayerAudit audit, string others)
    {
        var depends = audit.Verdict == LeakageVerdict.MaskDependent;
        return Panel(depends ? "alarm" : "calm", Headline(audit, depends), Html.Of(
            $"""
            <p class="lead">{FigureText.Unbroken(audit.Sentence)}</p>
            <dl class="tiles">
            {Tile("leaks", FigureText.Percent(audit.TestErrorLabelMask!.Value), "error with masks of the true labels", depends ? "Leaks. Not a score." : "Uses the label.")}
            {Tile("score", FigureText.Percent(audit.TestError), "error without labels", "The score.")}
            {Tile("leaks", FigureText.Percent(audit.MaskFollowingRate!.Value), "of answers follow the mask of a random label", $"Chance: {FigureText.Percent(audit.ChanceRate)}.")}
            </dl>
            {(others.Length == 0 ? Html.Empty : Html.Of($"<p>{others}</p>"))}
            """));
    }

    private static string Headline(LayerAudit audit, bool depends) => !depends ? $"{audit.Layer} does not follow its label masks"
        : audit.MaskFollowingRate > 0.5 ? $"{audit.Layer} reads the answer off its mask"
        : $"{audit.Layer} leans on its label masks";

    private static Html Panel(string style, string headline, Html content) => Html.Of(
        $"""
        <section class="audit {style}">
        <p class="kicker">Leakage audit</p>
        <h2>{headline}</h2>
        {content}
        </section>

        """);

    private static Html Tile(string style, string figure, string meaning, string remark) => Html.Of(
        $"""<div class="{style}"><dt>{meaning}</dt><dd><span class="figure">{figure}</span> <span class="remark">{remark}</span></dd></div>""");
}

/// <summary>Which runs are missing, before any figure of those that are there.</summary>
internal static class MissingSection
{
    public static Html Of(ComparisonResults results) => MissingLine.Of(results) is not { } line ? Html.Empty : Html.Of(
        $"""
        <section class="audit alarm">
        <p class="kicker">Not complete</p>
        <h2>Not every run is finished</h2>
        <p>{line}</p>
        </section>

        """);
}

/// <summary>What diverged: before anything that could be taken for its result.</summary>
internal static class DivergenceSection
{
    public static Html Of(IReadOnlyList<RunResult> runs)
    {
        var lines = DivergenceLines.Of(runs);
        return lines.Count == 0 ? Html.Empty : Html.Of(
            $"""
            <section class="audit alarm">
            <p class="kicker">Diverged</p>
            <h2>Not every training came to a result</h2>
            <ul>
            {lines.Select(line => Html.Of($"<li>{line}</li>\n"))}</ul>
            </section>

            """);
    }
}
