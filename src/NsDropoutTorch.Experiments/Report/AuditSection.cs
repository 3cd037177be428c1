namespace NsDropoutTorch.Experiments.Report;

/// <summary>The leakage audit: the first thing on the page, in words with numbers.</summary>
internal static class AuditSection
{
    public static Html Of(ComparisonResults results)
    {
        var verdicts = AuditVerdict.Of(results.Runs);
        var without = results.Runs.Select(run => run.Layer).Except(verdicts.Select(verdict => verdict.Layer), StringComparer.Ordinal).ToArray();
        var others = without.Length == 0 ? "" : $"{Words.List(without)} never {(without.Length == 1 ? "sees" : "see")} a label outside the loss, so nothing can leak there.";
        return verdicts.Count == 0
            ? Html.Of($"""{Panel("calm", "No layer here reads labels", Html.Of($"<p class=\"lead\">{others} All errors below are scores.</p>"))}""")
            : Html.Join([.. verdicts.Select(verdict => Of(verdict, others))]);
    }

    private static Html Of(AuditVerdict verdict, string others) => Panel(
        verdict.DependsOnMask ? "alarm" : "calm",
        verdict.Headline,
        Html.Of(
            $"""
            <p class="lead">{verdict.Sentence}</p>
            <dl class="tiles">
            {Tile("leaks", Words.Percent(verdict.ErrorLabelMask), "error with masks of the true labels", verdict.DependsOnMask ? "Leaks. Not a score." : "Uses the label.")}
            {Tile("score", Words.Percent(verdict.Error), "error without labels", "The score.")}
            {Tile("leaks", Words.Percent(verdict.FollowingRate), "of answers follow the mask of a random label", $"Chance: {Words.Percent(verdict.ChanceRate)}.")}
            </dl>
            {(others.Length == 0 ? Html.Empty : Html.Of($"<p>{others}</p>"))}
            """));

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
