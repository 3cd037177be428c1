using System.Globalization;
using System.Text;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Text;
using NsDropoutTorch.Training.Checkpoints;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>
/// The results of a comparison as one HTML page that needs nothing else: no network, pictures as SVG. For screens from phone to desk, paper, light and dark, and for readers who do
/// not see it. Where masks were recorded over epochs, one small script moves them; all else, and all that is printed, needs none.
/// </summary>
public static class HtmlReport
{
    /// <summary>The page's name in an output folder.</summary>
    public const string FileName = "report.html";

    /// <summary>The page; a pure function of the results, the same on every machine.</summary>
    /// <param name="results">The results.</param>
    public static string Render(ComparisonResults results)
    {
        var main = Html.Of(
            $"""{Header(results)}{(results.Runs.Count == 0 ? Html.Of($"<p>No run has finished.</p>\n") : Findings(results, moves: true))}{OriginSection.Of(results)}""");
        return HtmlPage.Of(Title(results), main, moves: MaskSection.CanMove(Scored(results)));
    }

    /// <summary>Writes <see cref="FileName"/> in <paramref name="folder"/>, in full or not at all.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="results">The results.</param>
    /// <returns>The path of the file.</returns>
    public static string Write(string folder, ComparisonResults results)
    {
        var path = Path.Combine(folder, FileName);
        var page = Encoding.UTF8.GetBytes(Render(results));
        ResultFile.Write(path, () => AtomicFile.Write(path, stream => stream.Write(page)));
        return path;
    }

    private static string Title(ComparisonResults results) => $"{FigureText.List([.. results.Settings.Layers.Select(layer => layer.ToString())])} on {results.Settings.Dataset}";

    private static Html Header(ComparisonResults results) => Html.Of(
        $"""
        <header>
        <p class="kicker">NsDropoutTorch comparison</p>
        <h1>{Title(results)}</h1>
        <p class="subtitle">{Subtitle(results)}</p>
        </header>

        """);

    private static string Subtitle(ComparisonResults results) => string.Create(
        CultureInfo.InvariantCulture,
        $"{results.Settings.Protocol.Name} protocol · {(results.Settings.Patience is null ? "" : "at most ")}{results.Settings.Epochs} epochs · {FigureText.Seeds(results.Settings.Seeds)} · {results.Environment.Started:d MMMM yyyy}");

    /// <summary>What the results say, without where they come from.</summary>
    /// <param name="results">The results.</param>
    /// <param name="moves">Whether masks over epochs have a slider, which a page with the player's script alone can give them.</param>
    internal static Html Findings(ComparisonResults results, bool moves)
    {
        var scored = Scored(results);
        return Html.Join([
            MissingSection.Of(results),
            DivergenceSection.Of(results.Runs),
            AuditSection.Of(results),
            SummarySection.Of(results),
            PublishedSection.Of(results),
            DifferenceSection.Of(results),
            GridSection.Of(results),
            CurveSection.Of(scored),
            RateSection.Of(scored),
            ConfusionSection.Of(scored),
            MaskSection.Of(scored, moves),
            GapSection.Of(scored),
            ExampleSection.Of(scored),
        ]);
    }

    private static RunResult[] Scored(ComparisonResults results) => [.. results.Runs.Where(run => run.Diverged is null)];
}

/// <summary>A page that needs nothing else: no network, its style within, and no script but that of players.</summary>
internal static class HtmlPage
{
    /// <param name="title">The title in the browser.</param>
    /// <param name="main">What the page shows.</param>
    /// <param name="moves">Whether there is a <see cref="Player"/> in it.</param>
    public static string Of(string title, Html main, bool moves = false) => Html.Of(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:{Html.Trusted(moves ? $"; script-src {Player.ScriptSource}" : "")}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>{title}</title>
        <style>
        {DisplayStyle.Css}{(moves ? Player.Css : Html.Empty)}</style>
        </head>
        <body>
        <main>
        {main}</main>
        {(moves ? Html.Of($"<script>{Player.Script}</script>\n") : Html.Empty)}</body>
        </html>

        """).ToString();
}
