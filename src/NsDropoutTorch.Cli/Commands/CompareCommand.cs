using System.CommandLine;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Tables;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Presets;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Cli.Commands;

/// <summary><c>nsdropout compare</c>: trains every layer with every seed, prints the table and writes <c>results.json</c>.</summary>
internal static class CompareCommand
{
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
        if (arguments.Engine(host).Run(arguments.Sweep) is not { } outcome)
        {
            return;
        }

        if (outcome.Results.Count > 0)
        {
            Show([.. outcome.Results], arguments, host);
        }

        if (outcome.Missing is { } missing)
        {
            throw new FailureException(missing);
        }

        CheckFinite([.. outcome.Results.SelectMany(result => result.Results.Runs)]);
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

    private static void Show(PresetResult[] results, CompareArguments arguments, CliHost host)
    {
        var isOne = arguments.Preset is null && arguments.Sweep.Experiments.Count == 1;
        if (arguments.Json)
        {
            host.Output.Write(isOne ? ResultsJson.Format(results[0].Results) : new PresetResults(ComparisonResults.CurrentSchema, arguments.Preset, results).Format());
        }
        else if (arguments.Preset is { } preset)
        {
            host.OutputConsole().Show(PresetTable.Of(preset, results));
        }
        else
        {
            Array.ForEach(results, result => host.OutputConsole().Show(ResultsTable.Of(result.Results)));
        }
    }
}
