using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Report;

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
