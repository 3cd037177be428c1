using NsDropoutTorch.Dropouts;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Monte-Carlo dropout: what a trained model predicts, and how sure it is, from many passes with dropout on (Gal and Ghahramani, "Dropout as a Bayesian Approximation: Representing Model Uncertainty in Deep
/// Learning", ICML 2016, arXiv 1506.02142; docs/uncertainty.md).
/// </summary>
public static class MonteCarlo
{
    /// <summary>
    /// Predicts with the random modules of <paramref name="model"/> in training mode and all others in evaluation mode, without gradients. Afterwards, also when it throws, every module has the mode it had;
    /// buffers such as the statistics of a batch normalisation are not touched. Copies of inputs share batches where their draws are independent, and sums run along, so memory does not grow with
    /// <paramref name="samples"/>.
    /// </summary>
    /// <remarks>
    /// Modules of <see cref="IDrawsMasks"/> stay in evaluation mode, as NSDropout learns from the batch in training mode, and draw there, at the rates that training left; no label is read. NSDropout with masks that are
    /// chosen has nothing random: a model whose only dropout it is, is refused.
    /// </remarks>
    /// <param name="model">Maps inputs <c>[n,…]</c> to outputs <c>[n,…]</c>, each row by itself.</param>
    /// <param name="inputs">Inputs <c>[N,…]</c>, N at least 1, on the model's device or on the host.</param>
    /// <param name="samples">Number of passes S, at least 2.</param>
    /// <param name="options">How to predict; null takes <see cref="MonteCarloOptions.Default"/>.</param>
    /// <returns>Means, variances and entropies on the model's device; the caller's to dispose.</returns>
    /// <exception cref="ArgumentException">There is no row, there are fewer than two samples, no module is random, or the outputs do not fit the options.</exception>
    public static MonteCarloPrediction Predict(nn.Module<Tensor, Tensor> model, Tensor inputs, int samples, MonteCarloOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= MonteCarloOptions.Default;
        Require.AtLeast(2, samples, "number of samples");
        if (inputs.dim() == 0 || inputs.shape[0] == 0)
            throw Require.Broken($"inputs must have at least one row, shape [N,…], but got [{string.Join(',', inputs.shape)}].");

        var random = RandomModules.Of(model, options.IsRandom ?? IsRandom);
        var plan = SamplingPlan.For(samples, options.MaxBatch, options.CopiesShareBatch ?? random.DrawForEachRow);
        using var scope = NewDisposeScope();
        using var draws = options.Seed is { } seed ? new SeededDraws(seed, Devices.Of(model) ?? inputs.device, model) : null;
        using var mode = SamplingMode.Of(model, random.Modules);
        var device = Devices.Of(model);
        var pieces = Chunks.Of(inputs.shape[0], plan.RowsPerPiece).Select(rows => Sums(model, inputs.narrow(0, rows.Start, rows.Length).On(device), samples, plan, options));
        return MonteCarloPrediction.Joined([.. pieces], samples);
    }

    /// <summary>
    /// Whether a module is known to be random without a change of its state: those of <see cref="IRandomInTraining"/> in training mode, those of <see cref="IDrawsMasks"/> that draw, in evaluation mode, and
    /// TorchSharp's dropout modules and transformers, which have dropout in them.
    /// Others must be named (<see cref="MonteCarloOptions.IsRandom"/>): recurrent modules with dropout between their layers, and modules that call a functional dropout themselves.
    /// </summary>
    /// <param name="module">The module, without its children.</param>
    public static bool IsRandom(nn.Module module) => module is IRandomInTraining or IDrawsMasks { DrawsMasks: true } || RandomModules.IsRandomInTorchSharp(module);

    private static SampleSums Sums(nn.Module<Tensor, Tensor> model, Tensor rows, int samples, SamplingPlan plan, MonteCarloOptions options)
    {
        using var scope = NewDisposeScope();
        var sums = new SampleSums(options);
        foreach (var (_, copies) in Chunks.Of(samples, plan.SamplesPerCall))
        {
            using var call = NewDisposeScope();
            // A copy even of a single sample: a dropout in place would change the caller's inputs.
            var outputs = model.call(rows.repeat([copies, .. Enumerable.Repeat(1L, (int)rows.dim() - 1)]));
            ProgramEvents.Outputs(model, outputs);
            sums.Add(outputs, copies, rows.shape[0]);
        }

        return sums.MoveToOuterScope();
    }
}

/// <summary>How samples are divided into calls of the model.</summary>
/// <param name="RowsPerPiece">Rows of the inputs that are taken together.</param>
/// <param name="SamplesPerCall">Copies of them in a batch.</param>
internal sealed record SamplingPlan(long RowsPerPiece, long SamplesPerCall)
{
    /// <summary>As many rows a call as may be, of as many copies as there are samples.</summary>
    public static SamplingPlan For(int samples, long maxBatch, bool copiesShareBatch)
    {
        if (!copiesShareBatch) return new(maxBatch, 1);
        var calls = (samples + maxBatch - 1) / maxBatch;
        var copies = (samples + calls - 1) / calls;
        return new(Math.Max(1, maxBatch / copies), copies);
    }
}

/// <summary>The modules of a model that are random in training mode.</summary>
/// <param name="Modules">They, and those that draw in evaluation mode.</param>
/// <param name="DrawForEachRow">Whether all are known to draw for each row by itself.</param>
internal sealed record RandomModules(IReadOnlySet<nn.Module> Modules, bool DrawForEachRow)
{
    /// <exception cref="ArgumentException">There is none.</exception>
    public static RandomModules Of(nn.Module model, Func<nn.Module, bool> isRandom)
    {
        var all = model.modules().Prepend(model).ToArray();
        var random = all.Where(isRandom).ToHashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        return random.Count > 0 ? new(random, random.All(DrawsForEachRow)) : throw NothingRandom(model, all);
    }

    public static bool IsRandomInTorchSharp(nn.Module module) => module is
        Dropout or Dropout1d or Dropout2d or Dropout3d or AlphaDropout or FeatureAlphaDropout
        or TransformerEncoderLayer or TransformerDecoderLayer or TransformerEncoder or TransformerDecoder or Transformer;

    private static bool DrawsForEachRow(nn.Module module) => module is IRandomInTraining random
        ? random.DrawsForEachRow
        : module is IDrawsMasks { DrawsMasks: true, DrawsForEachRow: true } || IsRandomInTorchSharp(module);

    private static ArgumentException NothingRandom(nn.Module model, nn.Module[] all)
    {
        var kinds = all.Select(module => module.GetType().Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var masked = all.FirstOrDefault(module => module is ILabelMasked)?.GetType().Name;
        return Require.Broken(
            $"a model must have a module that is random in training mode for its samples to differ, but {model.GetType().Name} has {string.Join(", ", kinds)}"
            + (masked is null ? "" : $", and {masked} chooses its masks and draws none (NSDropoutOptions.LabelFree draws them)")
            + "; add a layer such as nn.Dropout, or name modules of your own by MonteCarloOptions.IsRandom.");
    }
}
