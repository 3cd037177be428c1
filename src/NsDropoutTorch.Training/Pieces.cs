using NsDropoutTorch.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Cuts data into consecutive pieces of bounded size, so that evaluation needs bounded memory.</summary>
internal static class Pieces
{
    /// <summary>Samples per piece: as many as fit into <paramref name="pieceBytes"/>, at least 1.</summary>
    public static long RowsPerPiece(long sampleBytes, long pieceBytes) => Math.Max(1, pieceBytes / Math.Max(1, sampleBytes));

    /// <summary>Start and length of each piece of <paramref name="count"/> samples.</summary>
    public static IEnumerable<(long Start, long Length)> Bounds(long count, long rows)
    {
        for (var start = 0L; start < count; start += rows)
        {
            yield return (start, Math.Min(rows, count - start));
        }
    }

    /// <summary>Feeds the pieces of <paramref name="data"/> in evaluation mode to <paramref name="model"/>, each with its labels in scope.</summary>
    public static void ForEach(nn.Module<Tensor, Tensor> model, TensorData data, long pieceBytes, Action<Tensor, Tensor> take) =>
        ForEach(model, data.Inputs, pieceBytes, (inputs, start) =>
        {
            var labels = data.Labels.narrow(0, start, inputs.shape[0]).On(inputs.device);
            Feed(model, new(inputs, labels), take);
        });

    /// <summary>Feeds batches that somebody else made, likewise; each batch lives no longer than its turn.</summary>
    public static void ForEach(nn.Module<Tensor, Tensor> model, IEnumerable<(Tensor Inputs, Tensor Labels)> batches, Action<Tensor, Tensor> take)
    {
        using var mode = EvaluationMode.Of(model);
        var device = Placement.Of(model);
        using var sequence = batches.GetEnumerator();
        var isMore = true;
        while (isMore)
        {
            using var scope = torch.NewDisposeScope();
            isMore = sequence.MoveNext();
            if (isMore)
            {
                Feed(model, SequenceBatch.Checked(sequence.Current).On(device), take);
            }
        }
    }

    /// <summary>The pieces of <paramref name="inputs"/> with their first row, on the model's device, each in a dispose scope of its own, without gradients.</summary>
    public static void ForEach(nn.Module<Tensor, Tensor> model, Tensor inputs, long pieceBytes, Action<Tensor, long> take)
    {
        using var mode = EvaluationMode.Of(model);
        var device = Placement.Of(model);
        var count = inputs.shape[0];
        var rows = RowsPerPiece(count == 0 ? 1 : inputs.numel() / count * inputs.element_size(), pieceBytes);
        foreach (var (start, length) in Bounds(count, rows))
        {
            using var scope = torch.NewDisposeScope();
            take(inputs.narrow(0, start, length).On(device), start);
        }
    }

    private static void Feed(nn.Module<Tensor, Tensor> model, Batch batch, Action<Tensor, Tensor> take)
    {
        using var labels = LabelScope.Use(batch.Labels);
        var outputs = model.call(batch.Inputs);
        ProgramEvents.Outputs(model, outputs);
        take(outputs, batch.Labels);
    }
}
