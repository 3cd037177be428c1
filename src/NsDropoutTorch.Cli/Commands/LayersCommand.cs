using System.CommandLine;
using System.Text.Json;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Runs;
using Spectre.Console;

namespace NsDropoutTorch.Cli.Commands;

/// <summary><c>nsdropout layers</c>: what <c>compare --layers</c> knows, with options.</summary>
internal static class LayersCommand
{
    public static Command Create(CliHost host)
    {
        var json = new Option<bool>("--json") { Description = "Prints JSON in place of the table." };
        var command = new Command("layers", "Describes the layers that compare knows, and their options.") { json };
        command.SetAction(parsed =>
        {
            Run(host, parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Run(CliHost host, bool json)
    {
        if (json)
        {
            host.Output.Write(JsonSerializer.Serialize(LayerCatalog.All.Select(Entry), RunJson.Indented) + "\n");
        }
        else
        {
            host.OutputConsole().Write(Table());
        }
    }

    private static object Entry(LayerKind kind) => new
    {
        kind.Name,
        kind.Summary,
        kind.ReadsLabels,
        Options = kind.Options.Select(option => new { option.Name, option.Meaning, option.Values, option.Default }),
    };

    private static Table Table()
    {
        var table = new Table { Border = TableBorder.Rounded }.AddColumns("layer", "option", "what it does", "values", "default");
        foreach (var kind in LayerCatalog.All)
        {
            table.AddRow(Row(kind.Name, "", kind.ReadsLabels ? $"{kind.Summary}; reads labels" : kind.Summary, "", ""));
            foreach (var option in kind.Options)
            {
                table.AddRow(Row("", option.Name, option.Meaning, option.Values, option.Default ?? ""));
            }
        }

        return table;
    }

    private static IEnumerable<Text> Row(params string[] cells) => cells.Select(cell => new Text(cell));
}
