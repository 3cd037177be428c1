using System.Text.RegularExpressions;

namespace NsDropoutTorch.Notebooks.Tests.Notebooks;

/// <summary>What a program prints, without how long it took.</summary>
internal static partial class Timeless
{
    /// <summary>The lines, trimmed, without seconds and without the two last columns of the table of results, which hold times.</summary>
    public static string Of(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Trim().Split('\n')
        .Select(line => TimeColumns().Replace(Seconds().Replace(line, "in some time"), "").Trim())
        .Where(line => line.Length > 0 && line.Any(character => character != '─')));

    [GeneratedRegex(@"in [\d.]+ s\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Seconds();

    // Their widths go by what is in them.
    [GeneratedRegex(@"\s{2,}(train|seconds|[\d.]+( ± [\d.]+)?)\s{2,}(samples|per second|[\d,]+( ± [\d,]+)?)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TimeColumns();
}
