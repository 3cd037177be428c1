namespace NsDropoutTorch.Experiments.Presets;

/// <summary>The experiments of one source, ready to be run again.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Summary">What it runs, in a few words.</param>
/// <param name="Experiments">The experiments.</param>
public sealed record Preset(string Name, string Summary, IReadOnlyList<PresetExperiment> Experiments)
{
    /// <summary>The data sets of its experiments.</summary>
    internal IEnumerable<string> DatasetNames => Experiments.Select(experiment => experiment.Settings.Dataset).Distinct(StringComparer.Ordinal);
}
