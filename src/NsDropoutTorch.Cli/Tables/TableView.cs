using NsDropoutTorch.Experiments.Text;
using Spectre.Console;

namespace NsDropoutTorch.Cli.Tables;

/// <summary>Tables of the library on a terminal.</summary>
internal static class TableView
{
    /// <summary>Shows the table with borders and colours.</summary>
    /// <param name="console">Where.</param>
    /// <param name="table">The table.</param>
    public static void Show(this IAnsiConsole console, TextTable table)
    {
        var view = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape(table.Title)) };
        foreach (var column in table.Columns)
        {
            view.AddColumn(column.IsNumeric ? new TableColumn(column.Header).RightAligned() : new TableColumn(column.Header));
        }

        foreach (var row in table.Rows)
        {
            view.AddRow(row.Select(Cell));
        }

        console.Write(new Rows([.. table.Before.Select(Cell), view, .. table.After.Select(Cell)]));
    }

    private static Text Cell(ToneText text) => new(text.Text, text.Tone switch
    {
        Tone.Warning => Style.Parse("yellow"),
        Tone.Alarm => Style.Parse("red"),
        _ => Style.Plain,
    });
}
