using System.Text.Json;
using System.Text.Json.Nodes;
using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>
/// Finds the rate of a layer that has none of its own (<see cref="Layers.LayerKind.FindsRate"/>): <see cref="GapMatchedRate"/> over a fifth of the part that is fitted to. It sees no other part of the
/// data. What chooses an epoch looks at those after the search alone, as the rate moves and a fifth of the samples is missing before.
/// </summary>
/// <param name="fit">The part that is fitted to; the caller's to dispose, after this.</param>
/// <param name="seed">Seed of the run, which decides what is held out.</param>
internal sealed class RateSearch(TensorData fit, long seed) : Callback, IStateful, IDisposable
{
    private readonly GapMatchedRate matched = new(fit, seed: seed);
    private readonly List<double> rates = [];

    /// <summary>What the network is to be fitted to.</summary>
    public BatchSource Batches => matched.Batches;

    /// <summary>The search and its record, in the order in which they are to be told of an epoch.</summary>
    public IReadOnlyList<Callback> Callbacks => [matched, this];

    /// <summary>The rate after each epoch.</summary>
    public IReadOnlyList<double> Rates => rates;

    /// <inheritdoc/>
    public string Key => nameof(RateSearch);

    /// <inheritdoc/>
    public void ResetState() => rates.Clear();

    /// <inheritdoc/>
    public JsonNode SaveState() => JsonSerializer.SerializeToNode(rates)!;

    /// <inheritdoc/>
    public void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors) => rates.AddRange(state.Deserialize<double[]>()!);

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record) => rates.Add(matched.Rate);

    /// <inheritdoc/>
    public void Dispose() => matched.Dispose();

    /// <summary>The rates after each epoch by the names of the layers that have them; empty where no rate was searched.</summary>
    /// <param name="search">The search; null: there was none.</param>
    /// <param name="model">The network.</param>
    public static IReadOnlyList<NamedValues> RatesOf(RateSearch? search, nn.Module model) => search is null
        ? []
        : [.. search.Rates.Select(rate => new NamedValues(DropRates.In(model).Select(named => KeyValuePair.Create(named.Name, rate))))];
}
