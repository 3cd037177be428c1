using System.Text.RegularExpressions;

namespace NsDropoutTorch.Notebooks.Tests.Notebooks;

/// <summary>What a program prints, without how long it took.</summary>
internal static partial class Timeless
{
    /// <summary>The lines, trimmed, without seconds and without the two last columns of the table of results, which hold times.</summary>
    public static IReadOnlyList<string> Lines(string text) =>
    [
        .. text.ReplaceLineEndings("\n").Trim().Split('\n')
            .Select(line => Seconds().Replace(line, "in some time").Trim())
            .Where(line => line.Length > 0 && !"╭├╰".Contains(line[0], StringComparison.Ordinal))
            .Select(line => TimeColumns().Replace(line, "")),
    ];

    [GeneratedRegex(@"in [\d.]+ s\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Seconds();

    [GeneratedRegex("(?<=^│.*)│[^│]*│[^│]*│$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TimeColumns();
}
