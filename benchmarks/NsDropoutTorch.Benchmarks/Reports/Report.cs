using System.Globalization;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Benchmarks.Reports;

/// <summary>The rows of a run as one Markdown table, padded so that it reads well on a terminal too.</summary>
internal static class Report
{
    private static readonly string[] Columns = ["measured", "ratio", "to", "goal", "threads", "time or speed", "bytes a call"];

    /// <summary>Pure text of its arguments: the table, and the remarks as a list below it.</summary>
    public static string Markdown(RunEnvironment environment, IEnumerable<(string Title, IReadOnlyList<Row> Rows)> sections, IReadOnlyCollection<string> remarks)
    {
        var rows = new List<string[]> { Columns, Columns };
        foreach (var (title, measured) in sections.Where(section => section.Rows.Count > 0))
        {
            rows.Add([$"**{title}**", .. Columns.Skip(1).Select(_ => "")]);
            rows.AddRange(measured.Select(Cells));
        }

        // A heading is longer than what is measured, and may run over.
        var widths = Columns.Select((_, i) => rows.Where(row => row[1].Length > 0).Max(row => row[i].Length)).ToArray();
        var lines = rows.Select((row, number) => number == 1 ? Line(widths.Select(width => new string('-', width))) : Line(row.Zip(widths, (cell, width) => cell.PadRight(width))));
        return $"# Benchmarks\n\n{Machine(environment)}\n\n{string.Join('\n', lines)}\n{(remarks.Count == 0 ? "" : $"\n- {string.Join("\n- ", remarks)}\n")}";
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Machine(RunEnvironment environment) => string.Create(
        CultureInfo.InvariantCulture,
        $"{environment.Processor ?? environment.Architecture}, {environment.Cores} cores; libtorch {environment.Libtorch} through {environment.TorchSharp}; {environment.Dotnet}; {environment.Os}; version {environment.Project}; {environment.Started:yyyy-MM-dd HH:mm} UTC.");

    private static string[] Cells(Row row) =>
    [
        row.Subject,
        Text.Ratio(row.Ratio),
        row.Reference,
        row.Goal is { } goal ? $"{goal} {(goal.IsMetBy(row.Ratio) ? "✓" : "✗")}" : "",
        string.Create(CultureInfo.InvariantCulture, $"{row.Threads}"),
        row.Time,
        row.Bytes is { } bytes ? bytes.ToString("0", CultureInfo.InvariantCulture) : "",
    ];
}
