using System.Globalization;

namespace NsDropoutTorch.Experiments.Text;

/// <summary>Figures and lists as people read them; invariant culture.</summary>
internal static class FigureText
{
    public const string Absent = "–";

    private const string Space = "\u00A0";
    private const string Minus = "\u2212";

    /// <summary>A fraction in per cent: <c>5.02 %</c>.</summary>
    public static string Percent(double fraction) =>
        double.IsFinite(fraction) ? Number(fraction * 100, "F2") + Space + "%" : Absent;

    /// <summary>A fraction in per cent without more digits than it needs, for axes: <c>0.1 %</c>.</summary>
    public static string ShortPercent(double fraction) => Number(fraction * 100, "0.######") + Space + "%";

    /// <summary>The same for a terminal, with a plain space.</summary>
    public static string PlainPercent(double? fraction) => string.Create(CultureInfo.InvariantCulture, $"{fraction * 100:F2} %");

    /// <summary>Text for a terminal whose percentages stay on one line.</summary>
    public static string Unbroken(string text) => text.Replace(" %", Space + "%", StringComparison.Ordinal);

    /// <summary>A difference of fractions in percentage points, with its sign: <c>+0.84</c>.</summary>
    public static string Points(double difference) => (difference > 0 ? "+" : "") + Number(difference * 100, "F2");

    /// <summary>A p-value: <c>0.0078</c>.</summary>
    public static string P(double? p) => p switch
    {
        null => Absent,
        < 0.0001 => "< 0.0001",
        _ => Number(p.Value, "0.####"),
    };

    /// <summary>A p-value as the end of a relation: <c>= 0.0078</c>, <c>&lt; 0.0001</c>.</summary>
    public static string Relation(double? p) => p < 0.0001 ? P(p) : $"= {P(p)}";

    /// <summary><c>a, b and c</c>.</summary>
    public static string List(IReadOnlyList<string> items) => items.Count switch
    {
        0 => "none",
        1 => items[0],
        _ => $"{string.Join(", ", items.Take(items.Count - 1))} and {items[^1]}",
    };

    /// <summary><c>1 epoch</c> or <c>8 epochs</c>.</summary>
    public static string Count(long count, string one) => Invariant($"{count} {one}{(count == 1 ? "" : "s")}");

    /// <summary><c>seed 22</c> or <c>8 seeds</c>.</summary>
    public static string Seeds(IReadOnlyList<long> seeds) =>
        seeds.Count == 1 ? string.Create(CultureInfo.InvariantCulture, $"seed {seeds[0]}") : $"{seeds.Count} seeds";

    /// <summary>A number with a true minus sign. Fixed decimals are <c>F2</c>, which rounds as the table on the terminal does; <c>0.00</c> rounds twice.</summary>
    public static string Number(double value, string format)
    {
        var text = Math.Abs(value).ToString(format, CultureInfo.InvariantCulture);
        return value < 0 && text.AsSpan().ContainsAnyExcept("0.") ? Minus + text : text;
    }
}
