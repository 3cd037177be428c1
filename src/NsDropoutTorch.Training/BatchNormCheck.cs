using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Refuses pieces of one sample that would give a batch normalisation in training mode a single value per channel: its variance is 0/0, and NaN would stay
/// in <c>running_var</c> without a word. Which pieces these are depends on the shape at that layer, so one sample is sent through the model in evaluation mode to see;
/// other pieces cost nothing.
/// </summary>
internal sealed class BatchNormCheck(nn.Module<Tensor, Tensor> model)
{
    private readonly HashSet<string> sound = new(StringComparer.Ordinal);

    private (string Name, BatchNorm Module)[] Norms => field ??= [.. NamedModules.Of<BatchNorm>(model).Where(named => named.Module.training)];

    /// <summary>Looks for such a piece among those that batches of known sizes will be cut into.</summary>
    /// <param name="data">Inputs and labels; null where they are not at hand.</param>
    /// <param name="sizes">Sizes of the batches.</param>
    /// <param name="pieces">Pieces of each batch.</param>
    /// <param name="device">Device of the model.</param>
    /// <exception cref="ArgumentException">There is one.</exception>
    public void CheckAhead(IReadOnlyList<Tensor>? data, IEnumerable<long> sizes, int pieces, Device device)
    {
        if (data is null || !sizes.SelectMany(size => Chunks.Into(pieces, size)).Any(piece => piece.Length == 1))
        {
            return;
        }

        using var scope = NewDisposeScope();
        Check((data[0].narrow(0, 0, 1), data[1].narrow(0, 0, 1)).On(device));
    }

    /// <summary>Looks at a piece before it goes through the model.</summary>
    /// <param name="piece">The piece, on the model's device.</param>
    /// <exception cref="ArgumentException">It is such a piece.</exception>
    public void Check((Tensor Inputs, Tensor Labels) piece)
    {
        if (piece.Labels.size(0) != 1 || Norms.Length == 0 || !sound.Add(string.Join(',', piece.Inputs.shape)))
        {
            return;
        }

        if (Starved(piece) is { } name)
        {
            throw Require.Broken(
                $"batch normalisation must get more than one value per channel in training, but a piece of one sample gives '{name}' one; "
                + "set DropLast = true where it is the last batch of an epoch, or choose another BatchSize or MicroBatches.");
        }
    }

    /// <summary>The first batch normalisation that gets one value per channel from <paramref name="piece"/>; all state of the model stays as it was.</summary>
    private string? Starved((Tensor Inputs, Tensor Labels) piece)
    {
        using var scope = NewDisposeScope();
        using var mode = EvaluationMode.Of(model);
        using var labels = LabelReaders.AreIn(model) ? LabelScope.Use(piece.Labels) : null;
        var buffers = Norms.SelectMany(norm => norm.Module.buffers()).Select(buffer => (Buffer: buffer, Before: buffer.clone())).ToArray();
        var random = RandomState.Of(model);
        string? seen = null;
        var hooks = Norms.Select(norm => norm.Module.register_forward_pre_hook((_, input) =>
        {
            seen ??= input.numel() == norm.Module.num_features ? norm.Name : null;
            return input;
        })).ToArray();
        try
        {
            Array.ForEach(Norms, norm => norm.Module.train());
            model.call(piece.Inputs);
            // A module that is called by forward itself goes past its hooks.
            return seen ?? Norms.FirstOrDefault(norm => HasLostItsVariance(norm.Module)).Name;
        }
        finally
        {
            Array.ForEach(hooks, hook => hook.remove());
            Array.ForEach(buffers, pair => pair.Buffer.copy_(pair.Before));
            RandomState.PutBack(model, random);
        }
    }

    private static bool HasLostItsVariance(BatchNorm norm) =>
        norm is { running_mean: { } mean, running_var: { } variance } && mean.isfinite().all().IsTrue() && variance.isnan().any().IsTrue();
}
