using NsDropoutTorch.Experiments.Layers;

using System.Text.Json.Serialization;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>One run of a comparison.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Number">Its place in the comparison, from 1.</param>
/// <param name="Count">Runs in all.</param>
public sealed record ComparisonRun(LayerSpecification Layer, long Seed, int Number, int Count)
{
    /// <summary>Whether this is the noise control that belongs to the run: the same on shuffled labels.</summary>
    public bool IsNoiseControl { get; init; }

    /// <summary>What its files are called, without their ending.</summary>
    [JsonIgnore]
    public string FileStem => FileStemOf(Layer.ToString(), Seed);

    /// <summary>What the files of a run are called, without their ending.</summary>
    /// <param name="layer">The layer, as <see cref="LayerSpecification"/> writes it.</param>
    /// <param name="seed">The seed.</param>
    public static string FileStemOf(string layer, long seed) => Invariant($"{Uri.EscapeDataString(layer)}-{seed}");

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
