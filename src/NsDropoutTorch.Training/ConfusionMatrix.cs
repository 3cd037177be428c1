using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Counts of samples by true and predicted class.</summary>
public static class ConfusionMatrix
{
    /// <summary>Entry [i][j] counts the samples of class i that were predicted as class j.</summary>
    /// <param name="predictions">Predicted class indices, int64 <c>[N]</c>.</param>
    /// <param name="labels">True class indices, int64 <c>[N]</c>, on the same device.</param>
    /// <param name="numClasses">Number of classes C; both hold indices below it.</param>
    public static long[][] Of(Tensor predictions, Tensor labels, int numClasses)
    {
        using var scope = torch.NewDisposeScope();
        var cells = torch.bincount((labels * numClasses) + predictions, minlength: (long)numClasses * numClasses);
        var counts = cells.cpu().data<long>();
        return [.. Enumerable.Range(0, numClasses).Select(row => Row(counts, row, numClasses))];
    }

    /// <summary>The part of the samples off the diagonal, in [0, 1].</summary>
    /// <param name="confusion">As made by <see cref="Of"/>, of at least one sample.</param>
    public static double Error(IReadOnlyList<IReadOnlyList<long>> confusion)
    {
        var all = confusion.Sum(row => row.Sum());
        var right = confusion.Select((row, i) => row[i]).Sum();
        return (double)(all - right) / all;
    }

    private static long[] Row(TorchSharp.Utils.TensorAccessor<long> counts, int row, int numClasses) =>
        [.. Enumerable.Range(0, numClasses).Select(column => counts[(row * numClasses) + column])];
}
