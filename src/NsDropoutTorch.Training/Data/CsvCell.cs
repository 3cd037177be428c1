using System.Globalization;
using System.Text.RegularExpressions;

namespace NsDropoutTorch.Training.Data;

/// <summary>What the text of a CSV cell can be.</summary>
internal static partial class CsvCell
{
    private static readonly HashSet<string> Missing = new(StringComparer.OrdinalIgnoreCase) { "", "?", "NA", "N/A", "#N/A", "<NA>", "NaN", "-NaN", "null" };

    private static readonly HashSet<string> Infinities = new(StringComparer.OrdinalIgnoreCase) { "inf", "infinity", "∞" };

    /// <summary>Whether it is a finite number with a decimal point.</summary>
    public static bool IsNumber(ReadOnlySpan<char> cell, out float value) =>
        float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);

    /// <summary>Whether it is how programs write that there is no value.</summary>
    public static bool IsMissing(string cell) => Missing.Contains(cell);

    /// <summary>Whether it is a number with a fraction, or none that is finite, as a class is not.</summary>
    public static bool IsReal(string cell) => Infinities.Contains(cell.TrimStart('+', '-'))
        || (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && (!double.IsFinite(value) || value != Math.Truncate(value)));

    /// <summary>Whether it is a whole number, be it written 1 or 1.0.</summary>
    public static bool IsWhole(string cell, out double value) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && value == Math.Truncate(value);

    /// <summary>Whether it is a number with a decimal comma, with thousands separators, or both.</summary>
    public static bool IsForeignNumber(ReadOnlySpan<char> cell) => ForeignNumber().IsMatch(cell);

    /// <summary>The same for all texts that differ in spaces, case or the way in which a number is written.</summary>
    public static string Normal(string cell) =>
        IsWhole(cell, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : cell.Trim().ToUpperInvariant();

    [GeneratedRegex(@"^[+-]?(\d+,\d+|\d{1,3}([.,' \u00a0\u202f]\d{3})+([.,]\d+)?)(e[+-]?\d+)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ForeignNumber();
}
