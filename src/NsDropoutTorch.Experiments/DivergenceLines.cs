namespace NsDropoutTorch.Experiments;

/// <summary>What diverged, in words, a line a layer; the terminal, the page and the error stream say the same.</summary>
internal static class DivergenceLines
{
    /// <summary>What stands where a figure would.</summary>
    public const string Word = "diverged";

    /// <summary>The lines; empty where every training, noise controls too, stayed finite.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<RunResult> runs)
    {
        var layers = LayerSummary.Of(runs);
        return [.. layers.Where(layer => layer.Diverged.Count > 0).Select(layer => Of(layer, layer == layers[0] && layers.Count > 1)), .. NoiseOf(runs)];
    }

    private static string Of(LayerSummary layer, bool isBaseline)
    {
        var seeds = Words.List([.. layer.Diverged.Select(run => run.ToString())]);
        return layer.Runs > 0
            ? $"{layer.Layer} diverged with {seeds}: no result there, and no part in any mean, interval, test or verdict."
            : $"{layer.Layer} diverged with {seeds}: it has no result and no verdict{(isBaseline ? ", and nothing can be compared with it" : "")}.";
    }

    private static IEnumerable<string> NoiseOf(IReadOnlyList<RunResult> runs) =>
        runs.Where(run => run.Audit?.Noise?.Diverged is not null)
            .GroupBy(run => run.Layer, run => run.Audit!.Noise!.Diverged!.ToString(), StringComparer.Ordinal)
            .Select(seeds => $"{seeds.Key} on shuffled labels diverged with {Words.List([.. seeds])}: its noise control tells nothing.");
}
