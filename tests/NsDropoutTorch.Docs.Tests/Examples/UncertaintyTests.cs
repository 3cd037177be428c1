using System.Globalization;
using System.Text.RegularExpressions;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Examples;

public sealed partial class UncertaintyTests
{
    [Fact]
    public void Scores_FindWrongAnswersAndDigitsNeverSeen_AndThePageShowsThem()
    {
        using var folder = new TempFolder();
        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(folder.Path);
        string output;
        try
        {
            output = ExampleProgram.Run("Uncertainty");
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }

        var scores = Score().Matches(output);
        Assert.Equal(["one pass, entropy", "100 samples, predictive entropy", "100 samples, mutual information", "100 samples, variance"], scores.Select(score => score.Groups["name"].Value));
        Assert.All(scores, score =>
        {
            Assert.True(Number(score, "least") > 5 * Number(score, "rest"), score.Value);
            Assert.InRange(Number(score, "auroc"), 0.85, 1);
            Assert.True(Number(score, "unseen") > 5 * Number(score, "seen"), score.Value);
            Assert.True(Number(score, "kept") < Number(score, "wrong") / 2, score.Value);
        });
        Assert.All(Calibration().Matches(output), error => Assert.InRange(Number(error, "ece"), 0, 10));
        Assert.Equal(3, Calibration().Count(output));
        var page = File.ReadAllText(Path.Combine(folder.Path, "uncertainty.html"));
        Assert.Equal(3, Regex.Count(page, "Reliability diagram: all samples\"", RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.Equal(24, Regex.Count(page, "<figcaption>[0-9], taken for [0-7]; doubt", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    private static double Number(Match match, string name) => double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        """
        ^(?<name>.+)
          digits seen: (?<least>[0-9.]+) % wrong in the least sure tenth, (?<rest>[0-9.]+) % in the rest
          digits never seen are told from seen: AUROC (?<auroc>[0-9.]+)
          flagged: (?<seen>[0-9.]+) % of digits seen, (?<unseen>[0-9.]+) % of digits never seen; wrong of all: (?<wrong>[0-9.]+) %, of those not flagged: (?<kept>[0-9.]+) %$
        """, RegexOptions.Multiline, 1_000)]
    private static partial Regex Score();

    [GeneratedRegex("^calibration on digits seen, [^:]+: ECE (?<ece>[0-9.]+) %$", RegexOptions.Multiline, 1_000)]
    private static partial Regex Calibration();
}
