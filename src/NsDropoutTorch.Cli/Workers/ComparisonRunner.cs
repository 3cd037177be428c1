using System.Globalization;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Storage;
using NsDropoutTorch.Training;
using TorchSharp;

namespace NsDropoutTorch.Cli.Workers;

/// <summary>Carries out the runs of a comparison that are not finished yet, in this process or in several others.</summary>
/// <param name="arguments">What was asked for.</param>
/// <param name="dataset">The data.</param>
/// <param name="device">Where to compute.</param>
/// <param name="folder">Where runs and networks are kept; null: nowhere.</param>
/// <param name="store">The runs kept; null: none.</param>
/// <param name="host">Where progress goes.</param>
internal sealed class ComparisonRunner(RunningOptions options, Dataset dataset, torch.Device device, OutputFolder? folder, RunStore? store, CliHost host)
{
    private readonly Dictionary<ComparisonRun, RunResult> results = [];

    /// <summary>All runs, finished now or before, in the order of the comparison.</summary>
    public IReadOnlyList<RunResult> Run(ComparisonSettings settings)
    {
        var all = ComparisonRun.Of(settings);
        foreach (var run in all)
        {
            if (store?.Find(run) is { } result)
            {
                results.Add(run, result);
            }
        }

        if (results.Count > 0)
        {
            Note($"{results.Count} of {all.Count} runs were finished before and are kept.");
        }

        Finish(settings, [.. all.Where(run => !results.ContainsKey(run))]);
        return [.. all.Select(run => results[run])];
    }

    private void Finish(ComparisonSettings settings, ComparisonRun[] left)
    {
        var models = left.Length > 0 ? folder?.PrepareModels(left) : null;
        if (options.Jobs > 1)
        {
            var order = new WorkOrder(settings, settings.DatasetPath ?? settings.Dataset, options.Data, device.ToString(), options.Threads, models);
            new WorkerPool(order, FinishedElsewhere).Run(left, options.Processes, host.CancellationToken);
        }
        else if (left.Length > 0)
        {
            using var comparison = new Comparison(dataset, settings, device, models);
            foreach (var run in left)
            {
                Keep(run, comparison.Run(run, Watch, host.CancellationToken));
            }
        }
    }

    private void FinishedElsewhere(ComparisonRun run, RunResult result)
    {
        Keep(run, result);
        var outcome = result.Diverged is null
            ? string.Create(CultureInfo.InvariantCulture, $"test error {result.TestError * 100:F2} %")
            : Divergence.Word;
        Note(string.Create(CultureInfo.InvariantCulture, $"{results.Count}/{run.Count} {run.Layer}, seed {run.Seed}  {outcome}  {result.TrainSeconds:F1} s"));
    }

    private void Keep(ComparisonRun run, RunResult result)
    {
        store?.Save(result);
        results.Add(run, result);
    }

    private Callback[] Watch(ComparisonRun run) =>
        options.Quiet ? [] : [host.Progress(Invariant($"{run.Number}/{run.Count} {run.Layer}, seed {run.Seed}{(run.IsNoiseControl ? ", shuffled labels" : "")}"))];

    private void Note(string text)
    {
        if (!options.Quiet)
        {
            host.Error.WriteLine(text);
        }
    }
}

