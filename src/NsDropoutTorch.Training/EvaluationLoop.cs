using NsDropoutTorch.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Feeds data to a model in evaluation mode, in pieces of bounded size, so that evaluation needs bounded memory.</summary>
internal static class EvaluationLoop
{
    /// <summary>Samples per piece: as many as fit into <paramref name="pieceBytes"/>, at least 1.</summary>
    public static long RowsPerPiece(long sampleBytes, long pieceBytes) => Math.Max(1, pieceBytes / Math.Max(1, sampleBytes));

    /// <summary>Feeds the pieces of <paramref name="data"/> in evaluation mode to <paramref name="model"/>, each with its labels in scope.</summary>
    public static void Run(nn.Module<Tensor, Tensor> model, TensorData data, long pieceBytes, Action<Tensor, Tensor> take)
    {
        var readsLabels = LabelReaders.AreIn(model);
        Run(model, data.Inputs, pieceBytes, (inputs, start) =>
        {
            var labels = data.Labels.narrow(0, start, inputs.shape[0]).On(inputs.device);
            Feed(model, readsLabels, (inputs, labels), take);
        });
    }

    /// <summary>Takes all batches of an epoch, which are disposed with it, with the model in evaluation mode and no gradients; each is freed after its turn.</summary>
    public static void Run<TBatch>(nn.Module model, IEpochBatches<TBatch> batches, int epoch, Action<TBatch> take)
    {
        using (batches)
        {
            using var mode = EvaluationMode.Of(model);
            batches.Begin(epoch);
            for (var step = 0; step < batches.Count; step++)
            {
                using var scope = torch.NewDisposeScope();
                take(batches.Take(step));
            }
        }
    }

    /// <summary>Feeds the batches of a user's sequence likewise; each is freed after its turn.</summary>
    public static void Run(nn.Module<Tensor, Tensor> model, IEnumerable<(Tensor Inputs, Tensor Labels)> batches, Action<Tensor, Tensor> take)
    {
        using var mode = EvaluationMode.Of(model);
        var (device, readsLabels) = (Devices.Of(model), LabelReaders.AreIn(model));
        using var sequence = batches.GetEnumerator();
        var (isMore, isEmpty) = (true, true);
        while (isMore)
        {
            using var scope = torch.NewDisposeScope();
            isMore = sequence.MoveNext();
            if (isMore)
            {
                isEmpty = false;
                Feed(model, readsLabels, SequenceBatch.Checked(sequence.Current).On(device), take);
            }
        }

        if (isEmpty)
        {
            throw Require.Broken("a sequence to measure on must have at least one batch, but got none.");
        }
    }

    /// <summary>
    /// The pieces of <paramref name="inputs"/> with their first row, on the model's device, each in a dispose scope of its own, without gradients;
    /// empty inputs give one piece without rows, so that the outputs have the model's shape and dtype.
    /// </summary>
    /// <exception cref="ArgumentException">The model cannot map a piece without rows.</exception>
    public static void Run(nn.Module<Tensor, Tensor> model, Tensor inputs, long pieceBytes, Action<Tensor, long> take)
    {
        using var mode = EvaluationMode.Of(model);
        var device = Devices.Of(model);
        var count = inputs.shape[0];
        if (count == 0)
        {
            TakeNothing(inputs.On(device), take);
        }

        var rows = RowsPerPiece(count == 0 ? 1 : inputs.numel() / count * inputs.element_size(), pieceBytes);
        foreach (var (start, length) in Chunks.Of(count, rows))
        {
            using var scope = torch.NewDisposeScope();
            take(inputs.narrow(0, start, length).On(device), start);
        }
    }

    private static void TakeNothing(Tensor inputs, Action<Tensor, long> take)
    {
        using var scope = torch.NewDisposeScope();
        try
        {
            take(inputs.alias(), 0);
        }
        catch (Exception e)
        {
            throw Require.Broken($"inputs must hold at least one row for this model, which cannot map an empty batch, but got none ({e.Message.Split('\n')[0].TrimEnd('.')}).", e);
        }
    }

    private static void Feed(nn.Module<Tensor, Tensor> model, bool readsLabels, (Tensor Inputs, Tensor Labels) batch, Action<Tensor, Tensor> take)
    {
        using var labels = readsLabels ? LabelScope.Use(batch.Labels) : null;
        var outputs = model.call(batch.Inputs);
        ProgramEvents.Outputs(model, outputs);
        take(outputs, batch.Labels);
    }
}

/// <summary>A model in evaluation mode and no gradients on this thread, until disposed; then every module has the mode it had.</summary>
internal readonly ref struct EvaluationMode
{
    private readonly ModuleModes modes;
    private readonly IDisposable noGradients;

    private EvaluationMode(nn.Module model)
    {
        modes = ModuleModes.Of(model);
        model.eval();
        noGradients = torch.no_grad();
    }

    public static EvaluationMode Of(nn.Module model) => new(model);

    public void Dispose()
    {
        noGradients.Dispose();
        modes.PutBack();
    }
}
