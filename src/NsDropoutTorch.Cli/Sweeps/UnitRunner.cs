using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Storage;
using TorchSharp;

namespace NsDropoutTorch.Cli.Sweeps;

/// <summary>Carries out units of a plan in this process, on a disk that others share.</summary>
/// <param name="plan">The plan.</param>
/// <param name="results">Folder of the results.</param>
/// <param name="checkpointEvery">How often a run is saved that nobody stops.</param>
/// <param name="host">The clock, and where notes go.</param>
internal sealed class UnitRunner(SweepPlan plan, string results, TimeSpan checkpointEvery, CliHost host)
{
    /// <summary>Carries out those of the units that have no result yet.</summary>
    /// <param name="units">The units.</param>
    /// <param name="stop">Ends a run after its current step; it is saved then.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="UsageException">This machine is not what the plan says.</exception>
    public void Run(IReadOnlyList<PlannedUnit> units, CancellationToken stop)
    {
        TaskResources.Check(plan, Environment.GetEnvironmentVariable);
        if (units.All(IsFinished))
        {
            return;
        }

        var device = TorchStart.Start(plan.Device, plan.Threads);
        foreach (var group in units.GroupBy(unit => unit.Experiment))
        {
            RunOf(plan.Experiments[group.Key], [.. group], device, stop);
        }
    }

    private void RunOf(PlannedExperiment experiment, PlannedUnit[] units, torch.Device device, CancellationToken stop)
    {
        var settings = experiment.Settings;
        var dataset = DatasetCatalog.Over(plan.Data, settings.ToCsvOptions()).Load(experiment.Dataset);
        var fingerprint = RunFingerprint.Of(settings, RunEnvironment.Describe(dataset, device, host.Clock.GetUtcNow()));
        Check(experiment, fingerprint);
        var runs = RunsOf(experiment);
        runs.Prepare();
        foreach (var unit in units.Where(unit => !IsFinished(unit)))
        {
            var checkpoints = CheckpointsOf(experiment, unit, fingerprint);
            using var comparison = new Comparison(dataset, settings, device, runs.Models) { Checkpoints = checkpoints };
            var run = plan.RunOf(unit);
            var result = comparison.Run(run, watch: null, stop);
            runs.Save(run, fingerprint, result);
            checkpoints.Delete(run);
            host.Output.WriteLine(Invariant($"{run.Number}/{run.Count} {plan.NameOf(unit)}  {(result.Diverged is null ? Invariant($"test error {result.TestError * 100:F2} %") : Divergence.Word)}  {result.TrainSeconds:F1} s"));
        }
    }

    // A run saved on another kind of machine, or with what another list of seeds asks for, is not taken up.
    private RunCheckpoints CheckpointsOf(PlannedExperiment experiment, PlannedUnit unit, RunFingerprint fingerprint)
    {
        var kind = $"{fingerprint.Digest}{(unit.Seed == experiment.Settings.Seeds.Min() ? "-shown" : "")}";
        return new(Path.Combine(results, SweepPlan.FolderName, SweepPlan.CheckpointsName, experiment.Name, kind), checkpointEvery);
    }

    private bool IsFinished(PlannedUnit unit) => RunsOf(plan.Experiments[unit.Experiment]).Has(plan.RunOf(unit));

    private SharedRuns RunsOf(PlannedExperiment experiment) => new(Path.Combine(results, experiment.Name));

    private static void Check(PlannedExperiment experiment, RunFingerprint fingerprint)
    {
        if (RunFingerprint.Parse(experiment.Fingerprint).ContradictionOf(fingerprint) is { } difference)
        {
            throw new UsageException(
                $"A run must be carried out with what its plan says, {difference.Name} = {difference.Here}, but here it is {difference.There}; "
                + "give every node the same program and the same data, or plan anew with compare.");
        }
    }
}

/// <summary>What a cluster gave a task, against what its plan says.</summary>
internal static class TaskResources
{
    private const string Job = "SLURM_JOB_ID";
    private const string Cores = "SLURM_CPUS_PER_TASK";
    private const string Gpus = "SLURM_GPUS_ON_NODE";

    /// <summary>Refuses other resources than those planned; outside of Slurm there is nothing to check.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="variable">The value of an environment variable; null: it is not set.</param>
    /// <exception cref="UsageException">The task has other resources.</exception>
    public static void Check(SweepPlan plan, Func<string, string?> variable)
    {
        if (variable(Job) is null)
        {
            return;
        }

        // Without the variable nobody asked for cores, and Slurm gives one.
        var cores = variable(Cores) ?? "1";
        if (cores != Invariant($"{plan.Threads}"))
        {
            throw new UsageException(
                Invariant($"A task must have as many cores as its plan has threads, {plan.Threads}, as figures depend on them, but {Cores} is {cores}; ")
                + Invariant($"ask for --cpus-per-task={plan.Threads} in array.sbatch, or plan anew with --threads {cores}."));
        }

        if (plan.Device != "cpu" && variable(Gpus) is null or "0" or "")
        {
            throw new UsageException($"A task of a plan for {plan.Device} must have a GPU, but {Gpus} is {variable(Gpus) ?? "not set"}; ask for --gres=gpu:1 in array.sbatch, or plan anew with --device cpu.");
        }
    }
}
