using System.Globalization;
using System.Text.RegularExpressions;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Examples;

public sealed partial class RateSearchTests
{
    [Fact]
    public void Program_Short_ComparesTheRateThatItFindsWithAGrid()
    {
        var rows = Line().Matches(ExampleProgram.Run("RateSearch", "1", "6", "200")).Take(7).ToDictionary(
            line => line.Groups["what"].Value.Trim(), line => double.Parse(line.Groups["mean"].Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);

        Assert.Equal(["rate found in the run", "no dropout", "p = 0.2", "p = 0.5", "grid, tuned on a fifth", "grid, best by the test set", "(the rate found)"], rows.Keys);
        Assert.InRange(rows["(the rate found)"], 0.01, 0.5);
        Assert.All(["p = 0.2", "p = 0.5", "grid, tuned on a fifth"], what => Assert.True(rows["grid, best by the test set"] <= rows[what]));
        Assert.InRange(rows["no dropout"], 5, 60);
    }

    [GeneratedRegex("^  (?<what>.{28}) (?<mean>[0-9.]+) ± ", RegexOptions.Multiline, 1_000)]
    private static partial Regex Line();
}
