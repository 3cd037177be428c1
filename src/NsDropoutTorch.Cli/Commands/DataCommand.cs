using System.CommandLine;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Data.Catalog;
using Spectre.Console;

namespace NsDropoutTorch.Cli.Commands;

/// <summary><c>nsdropout data list | verify | download</c>: the data sets and their files.</summary>
internal static class DataCommand
{
    public static Command Create(CliHost host)
    {
        var data = new Option<string?>("--data")
        {
            HelpName = "DIR",
            Description = "Folder of data sets, searched before $NSDROPOUT_DATA, ./data and the data that come with the program.",
            Recursive = true,
        };
        return new("data", "Lists, verifies and downloads data sets.") { data, List(host, data), Verify(host, data), Download(host, data) };
    }

    private static Command List(CliHost host, Option<string?> data)
    {
        var command = new Command("list", "Lists the data sets and where each is.");
        command.SetAction(parsed => List(host, DatasetCatalog.Over(parsed.GetValue(data))));
        return command;
    }

    private static Command Verify(CliHost host, Option<string?> data)
    {
        var name = new Argument<string?>("NAME")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The data set. [default: all that are on this machine]",
        };
        var command = new Command("verify", "Compares files with their published checksums.") { name };
        command.SetAction(parsed => Verify(host, DatasetCatalog.Over(parsed.GetValue(data)), parsed.GetValue(name)));
        return command;
    }

    private static Command Download(CliHost host, Option<string?> data)
    {
        var name = new Argument<string>("NAME") { Description = "The data set." };
        var command = new Command("download", "Fetches the missing files of a data set and verifies them.") { name };
        command.SetAction(parsed => Download(host, DatasetCatalog.Over(parsed.GetValue(data)), parsed.GetRequiredValue(name)));
        return command;
    }

    private static int List(CliHost host, DatasetCatalog catalog)
    {
        var table = new Table { Border = TableBorder.Rounded }.AddColumn("data set").AddColumn("where").AddColumn(new TableColumn("download").RightAligned());
        foreach (var location in catalog.List())
        {
            table.AddRow(new Text(location.Name), new Text(Where(location)), new Text(location.DownloadBytes > 0 ? Invariant($"{location.DownloadBytes / 1e6:F1} MB") : ""));
        }

        host.OutputConsole().Write(table);
        return ExitCode.Success;
    }

    private static string Where(DatasetLocation location) => location.IsGenerated ? "generated in code" : location.Folder ?? "not here";

    private static int Verify(CliHost host, DatasetCatalog catalog, string? name)
    {
        string[] names = name is null ? [.. catalog.List().Where(location => location.Folder is not null).Select(location => location.Name)] : [name];
        var bad = 0;
        foreach (var check in names.SelectMany(catalog.Verify))
        {
            host.Output.WriteLine($"{Word(check.State),-9} {check.Path}");
            bad += check.State is FileState.Differs or FileState.Missing ? 1 : 0;
        }

        return bad == 0 ? ExitCode.Success : throw new FailureException(
            Invariant($"every file must have its published checksum, but {bad} {(bad == 1 ? "does" : "do")} not; delete what differs and run nsdropout data download NAME."));
    }

    private static string Word(FileState state) => state switch
    {
        FileState.Verified => "verified",
        FileState.Differs => "DIFFERS",
        FileState.Missing => "MISSING",
        _ => "unknown",
    };

    private static int Download(CliHost host, DatasetCatalog catalog, string name)
    {
        var folder = catalog.DownloadAsync(name, new DownloadDisplay(host.Error), host.CancellationToken).GetAwaiter().GetResult();
        host.Output.WriteLine($"{name} is in {folder}.");
        return ExitCode.Success;
    }
}
