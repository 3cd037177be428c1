using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NsDropoutTorch.Docs.Tests.Docs;

/// <summary>What a page says that a program prints.</summary>
/// <param name="Text">
/// Its lines. <c>…</c> stands for anything, also for whole lines; so does a time left. White space, and where lines are wrapped, does not count.
/// </param>
/// <param name="Tolerance">How far numbers in per cent may be off; a tenth of it is for other numbers with a decimal point. Whole numbers must be the same.</param>
internal sealed partial record PrintedBlock(string Text, double Tolerance)
{
    /// <summary>Finds its lines in an output, one after the other, and compares the numbers.</summary>
    /// <param name="output">What was printed.</param>
    /// <param name="start">Where to begin to look.</param>
    /// <returns>Where the last line ends.</returns>
    public int FindIn(string output, int start)
    {
        foreach (var line in Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line != "…"))
        {
            var found = new Regex(Pattern(line), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10)).Match(output, start);
            Assert.True(found.Success, $"The program must print a line like '{line}', but went on with:\n{output[start..]}");
            Compare(line, found);
            start = found.Index + found.Length;
        }

        return start;
    }

    private void Compare(string line, Match found)
    {
        var group = 1;
        foreach (Match number in DecimalOrTime().Matches(line).Where(match => !IsTime(match)))
        {
            var printed = found.Groups[group++].Value;
            var difference = Math.Abs(Value(number.Value) - Value(printed));
            Assert.True(difference <= ToleranceOf(line, number), $"'{line}' must have {number.Value} or nearly so, but the program printed {printed}.");
        }
    }

    private double ToleranceOf(string line, Match number) =>
        PerCent().IsMatch(line[(number.Index + number.Length)..]) || line.Contains("percentage points", StringComparison.Ordinal) ? Tolerance : Tolerance / 10;

    private static string Pattern(string line)
    {
        var (pattern, end) = (new StringBuilder(), 0);
        foreach (Match match in DecimalOrTime().Matches(line))
        {
            pattern.Append(Literal(line[end..match.Index])).Append(IsTime(match) ? ".*? left" : @"([+−-]?\d[\d,]*\.\d+)");
            end = match.Index + match.Length;
        }

        return pattern.Append(Literal(line[end..])).ToString();
    }

    private static string Literal(string text) =>
        string.Join(@"\s+", Space().Split(text).Select(word => Regex.Escape(word).Replace("…", ".*?", StringComparison.Ordinal)));

    private static bool IsTime(Match match) => match.Value.EndsWith("left", StringComparison.Ordinal);

    private static double Value(string number) => double.Parse(number.Replace('−', '-'), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d+:\d\d left|[+−-]?\d[\d,]*\.\d+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DecimalOrTime();

    [GeneratedRegex("^ [%±]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PerCent();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();
}
