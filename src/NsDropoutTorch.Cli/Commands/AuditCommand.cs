using System.CommandLine;
using System.Text.Json;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Tables;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Audit;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Cli.Commands;

/// <summary><c>nsdropout audit</c>: the leakage audit of a saved network.</summary>
internal static class AuditCommand
{
    private const string Description =
        "Leakage audit of a saved network: its test error without labels, with the mean mask and with masks of the true labels, how often it answers with the label whose mask it is given, "
        + "and what the same network scores when it is trained on shuffled labels.";

    public static Command Create(CliHost host)
    {
        var options = new AuditOptions();
        var command = new Command("audit", Description);
        foreach (var option in options.All)
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            Run(options, parsed, host);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Run(AuditOptions options, ParseResult parsed, CliHost host)
    {
        var path = parsed.GetRequiredValue(options.Checkpoint);
        var recipe = ModelRecipe.Find(path);
        var settings = UsageException.Checked(() => recipe is null ? options.SettingsOf(parsed) : options.SettingsOf(recipe.Settings, parsed));
        var threads = options.Threads.Or(parsed, Environment.ProcessorCount);
        var device = TorchStart.Start(options.Device.Or(parsed, DeviceChoice.Auto), threads);
        var dataset = DatasetCatalog.Over(parsed.GetValue(options.Data), settings.ToCsvOptions()).Load(DatasetOf(options, parsed, recipe));
        using var comparison = new Comparison(dataset, settings with { Dataset = dataset.Name }, device);
        recipe ??= comparison.RecipeOf(settings.Layers[0], settings.Seeds[0]);
        using var model = recipe.LoadFrom(path);
        var audit = comparison.Audit(recipe, model, run => Watch(run, parsed.GetValue(options.Quiet), host), host.CancellationToken);
        Show(audit, $"{path} on {dataset.Name}", parsed.GetValue(options.Json), host);
        if (audit.Verdict is null || audit.Noise?.Diverged is not null)
        {
            throw new FailureException(
                $"A network must have come of a training that stayed finite to be audited, but {(audit.Verdict is null ? "this one" : "its noise control")} diverged.");
        }
    }

    private static string DatasetOf(AuditOptions options, ParseResult parsed, ModelRecipe? recipe) =>
        parsed.GetValue(options.Dataset) ?? recipe?.Settings.DatasetPath ?? recipe?.Settings.Dataset ?? throw new UsageException(
            $"{options.Dataset.Name} must name the data set of a network whose file does not tell it, but it is missing.");

    private static Callback[] Watch(ComparisonRun run, bool quiet, CliHost host) =>
        quiet ? [] : [host.Progress(Invariant($"{run.Layer}, seed {run.Seed}, shuffled labels"))];

    private static void Show(LayerAudit audit, string title, bool json, CliHost host)
    {
        if (json)
        {
            host.Output.Write(JsonSerializer.Serialize(audit, RunJson.Indented) + "\n");
        }
        else
        {
            host.OutputConsole().Show(AuditTable.Of(title, audit));
        }
    }
}
