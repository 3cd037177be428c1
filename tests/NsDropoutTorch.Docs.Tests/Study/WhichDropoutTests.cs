using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Study;

/// <summary>The tables of docs/which-dropout.md are those that scripts/which-dropout.sh makes, each by a command that compare takes.</summary>
public sealed partial class WhichDropoutTests
{
    private const string Script = "scripts/which-dropout.sh";
    private const string PagePath = "docs/which-dropout.md";

    [LinuxFact]
    public void Page_HasTheTablesOfTheScriptInItsOrder()
    {
        var page = Repository.Read(PagePath);

        Assert.Equal(Tables, TableMark().Matches(page).Select(match => match.Groups["name"].Value));
        Assert.All(Tables, table => Assert.Contains($"`{Script} {table}`", page, StringComparison.Ordinal));
    }

    /// <summary>The answer is written by hand: each difference that it names is one of the tables', with that p, or with a star where the table has no more than that.</summary>
    [Fact]
    public void Answer_NamesDifferencesOfTheTables()
    {
        var page = Repository.Read(PagePath);
        var tables = Difference().Matches(page[page.IndexOf("## Tables", StringComparison.Ordinal)..]);
        var named = Difference().Matches(page[..page.IndexOf("## How it was made", StringComparison.Ordinal)]);

        Assert.InRange(named.Count, 20, 100);
        Assert.All(named, difference => Assert.Contains(tables, other => Same(other, difference) && HasP(other, difference)));

        static bool Same(Match one, Match other) => (one.Groups["mean"].Value, one.Groups["interval"].Value) == (other.Groups["mean"].Value, other.Groups["interval"].Value);

        static bool HasP(Match shown, Match said)
        {
            if (said.Groups["less"].Success) return shown.Groups["star"].Success;
            if (!said.Groups["p"].Success) return true;
            var p = said.Groups["p"].Value;
            var decimals = p.Contains('.', StringComparison.Ordinal) ? p.Split('.')[1].Length : 0;
            return shown.Groups["cell"] is { Success: true, Value: var cell }
                ? double.Parse(cell, CultureInfo.InvariantCulture).ToString($"F{decimals}", CultureInfo.InvariantCulture) == p
                : shown.Groups["star"].Success == double.Parse(p, CultureInfo.InvariantCulture) < 0.05;
        }
    }

    [LinuxFact]
    public void Tables_AreMadeByCommandsThatCompareTakes()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.PathOf("taken"), "");

        Assert.All(Tables, table =>
        {
            // Everything is read and checked before the folder of the results is claimed.
            var (exitCode, _, error) = ExampleProgram.Invoke("nsdropout", CommandOf(table, ("--out", folder.PathOf("taken/results"))));
            Assert.True(exitCode == 1 && error.StartsWith("--out must be a folder that can be written", StringComparison.Ordinal), error);
        });
    }

    [LinuxFact]
    public void Table_Optdigits_HasTheMethodsOfThePage()
    {
        using var folder = new TempFolder();
        var results = folder.PathOf("results");
        ExampleProgram.Run("nsdropout", [.. CommandOf("optdigits", ("--out", results), ("--seeds", "1,2"), ("--hidden", "8,8")), "--epochs", "2", "--train-samples", "200", "--quiet"]);

        var table = ExampleProgram.Run("nsdropout", "report", results, "--markdown").ReplaceLineEndings("\n");

        var page = Repository.Read(PagePath);
        var shown = page[page.IndexOf("<!-- table optdigits -->", StringComparison.Ordinal)..];
        Assert.Equal(10, Methods(table).Length);
        Assert.Equal(Methods(shown), Methods(table));
        Assert.Equal(56, JsonNode.Parse(File.ReadAllText(Path.Combine(results, "results.json")))!["runs"]!.AsArray().Count);
    }

    [LinuxFact]
    public void Script_NoSuchTable_NamesThem()
    {
        var outcome = Command.Run("bash", [Script, "nope"], Repository.Root, _ => { });

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Equal($"TABLE must be one of {string.Join(' ', Tables)}, but got 'nope'.\n", outcome.Error);
    }

    private static string[] Tables => Run().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // The first column of the first table.
    private static string[] Methods(string text) =>
        [.. text.Split('\n').SkipWhile(line => !line.StartsWith("| none |", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|')[1].Trim())];

    private static string[] CommandOf(string table, params (string Option, string Value)[] changes)
    {
        var words = Run(table, "--dry-run").Output.Trim().Split(' ');
        Assert.Equal(["./run.sh", "compare"], words[..2]);
        foreach (var (option, value) in changes)
        {
            words[Array.IndexOf(words, option) + 1] = value;
        }

        return words[1..];
    }

    private static Command.Outcome Run(params string[] arguments) => Command.Run("bash", [Script, .. arguments], Repository.Root, environment => environment.Remove("NSDROPOUT")).Succeeded();

    [GeneratedRegex("^<!-- table (?<name>[a-z0-9-]+) -->$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TableMark();

    // Said: "−1.09 (−2.09 to −0.34), p = 0.0036"; in tables: "−1.03 (−1.91 to −0.01) | 0.0078 |" or "−1.09* (−2.09 to −0.34)".
    [GeneratedRegex(
        @"(?<mean>[+−]\d+\.\d\d)(?<star>\*)? \((?<interval>[+−][0-9.]+ to [+−][0-9.]+)\)( \| (?<cell>[0-9.]+) \||, p = (?<p>[0-9.]*[0-9])|(?<less>, p < 0\.05))?",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Difference();
}
