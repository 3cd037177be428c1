using System.CommandLine;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Tables;
using NsDropoutTorch.Cli.Workers;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Data.Formats;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Presets;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Storage;
using TorchSharp;

namespace NsDropoutTorch.Cli.Commands;

/// <summary><c>nsdropout compare</c>: trains every layer with every seed, prints the table and writes <c>results.json</c>.</summary>
internal static class CompareCommand
{
    private const string PreferredDataset = "mnist";
    private const string BroughtDataset = "optdigits";

    private const string Description =
        "Trains the same network once per layer and seed and compares test errors. "
        + "Figures for which the true label chooses a mask stand beside those that need no label, and are named as leaking.";

    public static Command Create(CliHost host)
    {
        var options = new CompareOptions();
        var command = new Command("compare", Description);
        foreach (var option in options.All)
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            Run(CompareArguments.Of(parsed, options), host);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Run(CompareArguments arguments, CliHost host)
    {
        using var folder = arguments.Out is { } path ? OutputFolder.Claim(path) : null;
        var device = TorchStart.Start(arguments.Device, arguments.Running.Threads);
        PresetResult[] results = [.. arguments.Experiments.Select(experiment => new PresetResult(experiment.Name, Run(experiment, folder, device, arguments, host)))];
        Show(results, arguments, host);
        CheckFinite([.. results.SelectMany(result => result.Results.Runs)]);
    }

    // What came of it is shown and written all the same.
    private static void CheckFinite(RunResult[] runs)
    {
        var diverged = runs.Count(run => run.Diverged is not null);
        var controls = runs.Count(run => run.Audit?.Noise?.Diverged is not null);
        if (diverged + controls > 0)
        {
            throw new FailureException(
                Invariant($"Every training must stay finite to have a result, but {diverged} of {runs.Length} runs{(controls == 0 ? "" : Invariant($" and {controls} of their noise controls"))} diverged; ")
                + "a lower --lr is the first thing to try.");
        }
    }

    private static ComparisonResults Run(Experiment experiment, OutputFolder? parent, torch.Device device, CompareArguments arguments, CliHost host)
    {
        using var folder = parent?.Within(experiment.Name);
        var dataset = Load(experiment.Dataset, experiment.Settings.ToCsvOptions(), arguments, host);
        var settings = experiment.Settings with { Dataset = dataset.Name, DatasetPath = dataset.Name == experiment.Dataset ? null : experiment.Dataset };
        var environment = RunEnvironment.Describe(dataset, device, host.Clock.GetUtcNow());
        using var store = folder?.OpenRuns(RunFingerprint.Of(settings, environment), arguments.Force);
        var runs = new ComparisonRunner(arguments.Running, dataset, device, folder, store, host).Run(settings);
        var results = ComparisonResults.Of(environment, settings, runs) with { Published = experiment.Published };
        if (folder is not null)
        {
            Note(arguments, host, $"Results are in {folder.Write(results)}.");
        }

        return results;
    }

    private static Dataset Load(string? asked, CsvOptions csv, CompareArguments arguments, CliHost host)
    {
        var catalog = DatasetCatalog.Over(arguments.Running.Data, csv);
        var name = asked ?? catalog.FirstAvailable(PreferredDataset, BroughtDataset);
        if (asked is null && name == BroughtDataset)
        {
            Note(arguments, host, $"No {PreferredDataset} was found, so this compares on {BroughtDataset}, which comes with the program; --data DIR or --dataset NAME choose others.");
        }

        var progress = arguments.Running.Quiet ? null : new DownloadDisplay(host.Error);
        return catalog.LoadAsync(name, progress, host.CancellationToken).GetAwaiter().GetResult();
    }

    private static void Show(PresetResult[] results, CompareArguments arguments, CliHost host)
    {
        if (arguments.Json)
        {
            host.Output.Write(arguments.Preset is { } preset
                ? new PresetResults(ComparisonResults.CurrentSchema, preset, results).Format()
                : ResultsJson.Format(results[0].Results));
        }
        else
        {
            host.OutputConsole().Show(arguments.Preset is { } preset ? PresetTable.Of(preset, results) : ResultsTable.Of(results[0].Results));
        }
    }

    private static void Note(CompareArguments arguments, CliHost host, string text)
    {
        if (!arguments.Running.Quiet)
        {
            host.Error.WriteLine(text);
        }
    }
}
