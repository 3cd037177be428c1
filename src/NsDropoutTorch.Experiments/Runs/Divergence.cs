using System.Text.Json;
using System.Text.Json.Nodes;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>
/// Where the numbers of a training ceased to be finite: <c>diverged</c> in <c>results.json</c>. Such a training has no result: what a network of NaN answers is an
/// error in [0, 1] like any other, and says nothing of its layer.
/// </summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Epoch">The epoch in which it was first seen, from 0; null where nobody watched the training.</param>
/// <param name="What">What was not finite: <c>training loss</c>, <c>weights</c>, …</param>
public sealed record Divergence(long Seed, int? Epoch, string What)
{
    /// <summary>What stands where a figure would.</summary>
    public const string Word = "diverged";

    /// <summary>For example <c>seed 22 in epoch 4 (training loss not finite)</c>; epochs are counted from 1 here.</summary>
    public override string ToString() => $"seed {Seed}{(Epoch is { } epoch ? $" in epoch {epoch + 1}" : "")} ({What} not finite)";
}

/// <summary>
/// Ends a training whose numbers are no longer finite and says when that was seen. It looks at the means of each epoch, which a single such step spoils, and at the
/// weights: one of −∞ before a ReLU leaves every loss finite.
/// </summary>
/// <param name="seed">Seed of the run.</param>
internal sealed class DivergenceWatch(long seed) : Callback, IStateful
{
    /// <summary>What was seen first; null: everything is finite.</summary>
    public Divergence? Found { get; private set; }

    /// <summary>Whether all parameters of a network are finite; its buffers may hold NaN for what is not known yet.</summary>
    public static bool HasFiniteWeights(nn.Module model)
    {
        using var scope = torch.NewDisposeScope();
        Tensor[] flags = [.. model.parameters().Select(parameter => parameter.isfinite().all())];
        return flags.Length == 0 || torch.stack(flags).all().IsTrue();
    }

    /// <summary>Ends the training where a figure of the epoch is not finite.</summary>
    /// <param name="context">The training.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="figure">The figure; null: there is none.</param>
    /// <param name="what">What it is.</param>
    public void Look(FitContext context, int epoch, double? figure, string what)
    {
        if (Found is null && figure is { } value && !double.IsFinite(value))
        {
            Found = new(seed, epoch, what);
            context.RequestStop($"{what} not finite");
        }
    }

    /// <inheritdoc/>
    public string Key => nameof(DivergenceWatch);

    /// <inheritdoc/>
    public void ResetState() => Found = null;

    /// <inheritdoc/>
    public JsonNode SaveState() => Found is null ? new JsonObject() : JsonSerializer.SerializeToNode(Found, RunJson.Compact)!;

    /// <inheritdoc/>
    public void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors) =>
        Found = state.AsObject().Count == 0 ? null : state.Deserialize<Divergence>(RunJson.Compact);

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        Look(context, record.Epoch, record.TrainLoss, "training loss");
        Look(context, record.Epoch, record.PenaltyLoss, "penalty");
        Look(context, record.Epoch, record.SelectionLoss, "selection loss");
        Look(context, record.Epoch, HasFiniteWeights(context.Model) ? null : double.NaN, "weights");
    }
}
