using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>A confusion matrix as a heat map.</summary>
internal static class ConfusionChart
{
    private const double Width = 360;
    private const double Margin = 26;
    private const double Visible = 0.0005;
    private const double LightText = 0.6;
    private const int MostNumbered = 12;
    private const int MostNamed = 3;

    public static Html Of(string id, string name, long[][] counts)
    {
        var shares = Array.ConvertAll(counts, row => row.Sum() is var all and > 0 ? Array.ConvertAll(row, count => (double)count / all) : new double[row.Length]);
        var worst = Worst(shares);
        return new Figure(id, $"Confusion matrix: {name}", Describe(shares, worst), Width, Width).Of(
            Html.Of($"{Labels(shares.Length)}{shares.SelectMany((row, i) => row.Select((share, j) => Cell(i, j, share, shares.Length)))}"),
            Html.Of($"<strong>{name}</strong> {worst}"));
    }

    private static string Describe(double[][] shares, string worst) =>
        $"Right: {string.Join(", ", shares.Select((row, i) => Invariant($"class {i} {FigureText.Percent(row[i])}")))}. {worst}";

    private static string Worst(double[][] shares)
    {
        var pairs = from i in Enumerable.Range(0, shares.Length)
                    from j in Enumerable.Range(0, shares.Length)
                    where i != j && shares[i][j] > 0
                    orderby shares[i][j] descending, i, j
                    select Invariant($"{i} taken for {j} ({FigureText.Percent(shares[i][j])})");
        var named = pairs.Take(MostNamed).ToArray();
        return named.Length == 0 ? "No mistakes." : $"Most often {FigureText.List(named)}.";
    }

    private static Html Labels(int size)
    {
        var cell = (Width - Margin) / size;
        var every = (size / 20) + 1;
        return Html.Join(Enumerable.Range(0, size).Where(i => i % every == 0).Select(i => Html.Of(
            $"""
            <text class="middle" x="{Margin + ((i + 0.5) * cell):0.#}" y="{Margin - 8:0.#}">{i}</text><text class="end" x="{Margin - 8:0.#}" y="{Margin + ((i + 0.5) * cell) + 4:0.#}">{i}</text>

            """)));
    }

    private static Html Cell(int i, int j, double share, int size)
    {
        var cell = (Width - Margin) / size;
        var (x, y) = (Margin + (j * cell), Margin + (i * cell));
        // Roots of shares, so that rare mistakes can be seen beside the diagonal.
        var opacity = share < Visible ? 0 : Math.Sqrt(share);
        var number = share < Visible || size > MostNumbered ? Html.Empty : Html.Of(
            $"""<text class="cell{(opacity > LightText ? " light" : "")}" x="{x + (cell / 2):0.#}" y="{y + (cell / 2) + 3.5:0.#}">{FigureText.Number(share * 100, share < 0.0995 ? "F1" : "0")}</text>""");
        return Html.Of(
            $"""
            <rect class="{(i == j ? "right" : "wrong")}" x="{x + 0.5:0.##}" y="{y + 0.5:0.##}" width="{cell - 1:0.##}" height="{cell - 1:0.##}" fill-opacity="{opacity:0.###}"/>{number}

            """);
    }
}
