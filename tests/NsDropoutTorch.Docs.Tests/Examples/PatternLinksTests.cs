using System.Globalization;
using System.Text.RegularExpressions;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Examples;

public sealed partial class PatternLinksTests
{
    [Fact]
    public void FewestLinks_NameMostDigits_ButFewerThanTheNearestNeighbourAndALinearModel()
    {
        var accuracies = Line().Matches(ExampleProgram.Run("PatternLinks")).ToDictionary(
            line => line.Groups["what"].Value, line => double.Parse(line.Groups["percent"].Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);

        Assert.Equal(["fewest links, 2 levels of grey", "fewest links, 4 levels of grey", "nearest neighbour", "linear model"], accuracies.Keys);
        // Counts of images: no rounding decides them.
        Assert.Equal(85.1, accuracies["fewest links, 2 levels of grey"]);
        Assert.Equal(77.5, accuracies["fewest links, 4 levels of grey"]);
        Assert.InRange(accuracies["nearest neighbour"], 97.5, 98.5);
        Assert.InRange(accuracies["linear model"], 93, 97);
    }

    [GeneratedRegex("^(?<what>[^:]+): (?<percent>[0-9.]+) % of 1797 test images$", RegexOptions.Multiline, 1_000)]
    private static partial Regex Line();
}
