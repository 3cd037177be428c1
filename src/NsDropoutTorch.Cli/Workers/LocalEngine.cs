using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Sweeps;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Presets;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Storage;
using TorchSharp;

namespace NsDropoutTorch.Cli.Workers;

/// <summary>Carries out a sweep on this machine, in this process or in worker processes.</summary>
/// <param name="options">How many at a time, with how many threads.</param>
/// <param name="host">Where progress goes.</param>
internal sealed class LocalEngine(RunningOptions options, CliHost host) : ISweepEngine
{
    /// <inheritdoc/>
    public SweepOutcome Run(Sweep sweep)
    {
        using var folder = sweep.Out is { } path ? OutputFolder.Claim(path) : null;
        if (folder is not null)
        {
            Gathering.Adopt(folder.FullPath);
        }

        var device = TorchStart.Start(sweep.Device, options.Threads);
        return new([.. sweep.Experiments.Select(experiment => new PresetResult(experiment.Name, Run(experiment, sweep, folder, device)))]);
    }

    private ComparisonResults Run(Experiment experiment, Sweep sweep, OutputFolder? parent, torch.Device device)
    {
        using var folder = parent?.Within(experiment.Name);
        var (dataset, settings) = experiment.Load(sweep, host);
        var environment = RunEnvironment.Describe(dataset, device, host.Clock.GetUtcNow());
        using var store = folder?.OpenRuns(RunFingerprint.Of(settings, environment), sweep.Force);
        var runs = new ComparisonRunner(options, dataset, device, folder, store, host).Run(settings);
        var results = ComparisonResults.Of(environment, settings, runs) with { Published = experiment.Published };
        if (folder is not null && folder.Write(results) is var file && !sweep.Quiet)
        {
            host.Error.WriteLine($"Results are in {file}.");
        }

        return results;
    }
}
