using System.Runtime.InteropServices;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Presets;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Storage;

namespace NsDropoutTorch.Cli.Sweeps;

/// <summary>Makes results and reports of the runs that processes elsewhere have finished.</summary>
internal static class Gathering
{
    private const int MostNamed = 20;

    /// <summary>Gathers the runs of a plan; where all are finished, it also takes away what killed processes have left.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="results">Folder of the results.</param>
    /// <returns>The results of the experiments of which at least one run is finished, and which runs are missing.</returns>
    public static SweepOutcome Gather(SweepPlan plan, string results)
    {
        var missing = plan.MissingIn(results);
        var outcomes = plan.Experiments.Index().Select(experiment => Gather(plan, experiment.Index, results, missing.Count == 0)).OfType<PresetResult>().ToArray();
        var checkpoints = Path.Combine(results, SweepPlan.FolderName, SweepPlan.CheckpointsName);
        if (missing.Count == 0 && Directory.Exists(checkpoints))
        {
            Directory.Delete(checkpoints, recursive: true);
        }

        return new(outcomes, missing.Count == 0 ? null : Sentence(plan, missing));
    }

    /// <summary>Makes files the folder's own that processes elsewhere have written by the plan in it, so that they are kept or discarded as any other.</summary>
    /// <param name="results">Folder of the results.</param>
    public static void Adopt(string results)
    {
        if (SweepPlan.Find(results) is not { } plan)
        {
            return;
        }

        foreach (var (number, experiment) in plan.Experiments.Index())
        {
            using var parent = OutputFolder.Claim(results);
            using var folder = parent.Within(experiment.Name);
            folder.Adopt(plan.RunsOf(number), clean: false);
        }
    }

    private static PresetResult? Gather(SweepPlan plan, int number, string results, bool isComplete)
    {
        var experiment = plan.Experiments[number];
        var runs = plan.RunsOf(number);
        using var parent = OutputFolder.Claim(results);
        using var folder = parent.Within(experiment.Name);
        var (finished, fingerprint) = new SharedRuns(folder.FullPath).Read(RunFingerprint.Parse(experiment.Fingerprint), runs);
        if (fingerprint is null)
        {
            return null;
        }

        folder.Adopt(runs, isComplete);
        var environment = fingerprint.ToEnvironment(RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription, Environment.ProcessorCount, plan.Planned);
        var gathered = ComparisonResults.Of(environment, experiment.Settings, [.. runs.Where(finished.ContainsKey).Select(run => finished[run])]) with { Published = experiment.Published };
        folder.WriteGathered(gathered);
        return new(experiment.Name, gathered);
    }

    private static string Sentence(SweepPlan plan, IReadOnlyList<PlannedUnit> missing)
    {
        var named = string.Join("; ", missing.Take(MostNamed).Select(plan.NameOf));
        return Invariant($"Every run must be finished for the results to be whole, but {missing.Count} of {plan.Units.Count} {(missing.Count == 1 ? "is" : "are")} missing ({named}{(missing.Count > MostNamed ? "; …" : "")}); ")
            + "nsdropout status says why, and the compare command, given again, carries out these alone.";
    }
}
