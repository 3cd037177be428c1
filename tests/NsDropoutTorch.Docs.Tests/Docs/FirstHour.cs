using System.Globalization;
using System.Text.RegularExpressions;

namespace NsDropoutTorch.Docs.Tests.Docs;

/// <summary>docs/quickstart.md: a program in parts, commands, and what they print.</summary>
internal static partial class FirstHour
{
    public const string Path = "docs/quickstart.md";

    /// <summary>The line above each part of the program.</summary>
    public const string PartOfTheProgram = "<!-- part of the program of the first hour -->";

    private static readonly Page Text = Page.At(Path);

    /// <summary>All parts, in their order.</summary>
    public static string Program => string.Join('\n', Text.Blocks.Where(block => block.Above == PartOfTheProgram).Select(block => block.Code));

    /// <summary>What it prints, part by part, and then what the tool prints.</summary>
    public static IReadOnlyList<PrintedBlock> Printed =>
    [
        .. Text.Blocks.Select(block => (block.Code, Tolerance: Tolerance().Match(block.Above).Groups["tolerance"]))
            .Where(block => block.Tolerance.Success)
            .Select(block => new PrintedBlock(block.Code, double.Parse(block.Tolerance.ValueSpan, CultureInfo.InvariantCulture))),
    ];

    /// <summary>The commands of that name, a line each.</summary>
    public static string[] Commands(string name) => Text.Commands(name).Trim().Split('\n');

    [GeneratedRegex("^<!-- a test compares this, within (?<tolerance>[0-9.]+) -->$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tolerance();
}
