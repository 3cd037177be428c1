using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Presets;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Cli.Sweeps;

/// <summary>Experiments that are carried out together: what <c>compare</c> was asked for, whichever engine does it.</summary>
/// <param name="Experiments">What to compare.</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Data">Folder of data sets; null: the usual places.</param>
/// <param name="Threads">Threads each run computes with on the CPU. Figures depend on it.</param>
/// <param name="Out">Folder for results; null: none are written.</param>
/// <param name="Force">Whether to discard finished runs there.</param>
/// <param name="Quiet">Whether to leave out progress and notes.</param>
internal sealed record Sweep(IReadOnlyList<Experiment> Experiments, string Device, string? Data, int Threads, string? Out, bool Force, bool Quiet);

/// <summary>One comparison of a sweep.</summary>
/// <param name="Name">Its name among the others and that of its folder; empty for one that is alone.</param>
/// <param name="Dataset">Name or path of the data set; null: the default.</param>
/// <param name="Settings">What to compare; its data set is still to be chosen where none was named.</param>
/// <param name="Published">What a source says of it; null: nothing.</param>
internal sealed record Experiment(string Name, string? Dataset, ComparisonSettings Settings, PublishedResults? Published)
{
    private const string PreferredDataset = "mnist";
    private const string BroughtDataset = "optdigits";

    /// <summary>The data set, and the settings that name it.</summary>
    /// <param name="sweep">Where to look for it.</param>
    /// <param name="host">Where notes go.</param>
    public (Dataset Dataset, ComparisonSettings Settings) Load(Sweep sweep, CliHost host)
    {
        var catalog = DatasetCatalog.Over(sweep.Data, Settings.ToCsvOptions());
        var name = Dataset ?? catalog.FirstAvailable(PreferredDataset, BroughtDataset);
        if (Dataset is null && name == BroughtDataset && !sweep.Quiet)
        {
            host.Error.WriteLine($"No {PreferredDataset} was found, so this compares on {BroughtDataset}, which comes with the program; --data DIR or --dataset NAME choose others.");
        }

        var dataset = catalog.LoadAsync(name, sweep.Quiet ? null : new DownloadDisplay(host.Error), host.CancellationToken).GetAwaiter().GetResult();
        return (dataset, Settings with { Dataset = dataset.Name, DatasetPath = dataset.Name == Dataset ? null : Dataset });
    }
}

/// <summary>Carries out the runs of a sweep somewhere.</summary>
internal interface ISweepEngine
{
    /// <summary>Carries out what is not finished yet.</summary>
    /// <param name="sweep">What to do.</param>
    /// <returns>What came of it; null where that is seen later.</returns>
    SweepOutcome? Run(Sweep sweep);
}

/// <summary>What came of a sweep.</summary>
/// <param name="Results">The results of each experiment.</param>
/// <param name="Missing">A sentence on runs that have no result; null where all have one.</param>
internal sealed record SweepOutcome(IReadOnlyList<PresetResult> Results, string? Missing = null);
