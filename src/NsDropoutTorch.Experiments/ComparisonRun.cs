namespace NsDropoutTorch.Experiments;

/// <summary>One run of a comparison.</summary>
/// <param name="Layer">The layer, as <see cref="LayerSpecification"/> writes it.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Number">Its place in the comparison, from 1.</param>
/// <param name="Count">Runs in all.</param>
public sealed record ComparisonRun(string Layer, long Seed, int Number, int Count)
{
    /// <summary>Whether this is the noise control that belongs to the run: the same on shuffled labels.</summary>
    public bool IsNoiseControl { get; init; }

    /// <summary>The runs of a comparison, seed by seed within each layer.</summary>
    /// <param name="settings">What to compare.</param>
    public static IReadOnlyList<ComparisonRun> Of(ComparisonSettings settings)
    {
        var count = settings.Layers.Count * settings.Seeds.Count;
        return
        [
            .. settings.Layers.SelectMany(_ => settings.Seeds, (layer, seed) => (layer, seed))
                .Select((run, index) => new ComparisonRun(run.layer, run.seed, index + 1, count)),
        ];
    }
}
