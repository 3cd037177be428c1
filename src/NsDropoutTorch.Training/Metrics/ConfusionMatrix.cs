using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Metrics;

/// <summary>The confusion matrix of logits <c>[N,C]</c> with labels <c>[N]</c>; <see cref="ClassificationReport.Of"/> makes precision, recall and F1 of it.</summary>
/// <param name="numClasses">Number of classes C, at least 1.</param>
/// <exception cref="ArgumentException"><paramref name="numClasses"/> is below 1; or, when evaluated, a label or prediction is no class.</exception>
public sealed class ConfusionMatrix(int numClasses) : IMetric
{
    private readonly long numClasses = Require.AtLeast(1, numClasses, "number of classes");
    private Tensor? cells;

    /// <summary>Entry [i][j] counts the samples of class i that were predicted as class j; empty before the first evaluation.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Value { get; private set; } = [];

    /// <summary>The cells in the making; null outside of a measurement.</summary>
    internal Tensor? Cells => cells;

    // One more cell takes the samples that fit nowhere: to look for them in each batch would wait for the device.
    private long Outside => numClasses * numClasses;

    /// <summary>The part of the samples off the diagonal, in [0, 1].</summary>
    /// <param name="confusion">Entry [i][j] counts the samples of class i that were predicted as class j; at least one sample in all.</param>
    public static double Error(IReadOnlyList<IReadOnlyList<long>> confusion)
    {
        var all = confusion.Sum(row => row.Sum());
        var right = confusion.Select((row, i) => row[i]).Sum();
        return (double)(all - right) / all;
    }

    /// <inheritdoc/>
    public void Begin(Device device) => cells = torch.zeros([Outside + 1], dtype: ScalarType.Int64, device: device);

    /// <inheritdoc/>
    public void Add(Tensor outputs, Tensor labels)
    {
        var predictions = outputs.argmax(1);
        var isInside = labels.ge(Scalars.Of(0)) & labels.lt(Scalars.Of(numClasses)) & predictions.lt(Scalars.Of(numClasses));
        var cell = labels.mul(Scalars.Of(numClasses)).add(predictions, Scalars.One).masked_fill(~isInside, Scalars.Of(Outside));
        cells!.index_add_(0, cell, torch.ones_like(cell), alpha: Scalars.One);
    }

    /// <inheritdoc/>
    public void End()
    {
        var counts = cells!.cpu().data<long>().ToArray();
        cells = null;
        if (counts[Outside] > 0)
        {
            throw Require.Broken(Invariant($"labels and predictions must be classes in [0, {numClasses}), but got {counts[Outside]} samples with others."));
        }

        Value = [.. counts[..(int)Outside].Chunk((int)numClasses)];
    }

    /// <summary>The counts as a table: a row for each true class, a column for each predicted one.</summary>
    public override string ToString() => ConfusionText.Of(Value);
}

/// <summary>A confusion matrix as a table of plain text.</summary>
internal static class ConfusionText
{
    /// <summary>A row for each true class, a column for each predicted one; without a new line at the end.</summary>
    public static string Of(IReadOnlyList<IReadOnlyList<long>> counts)
    {
        if (counts.Count == 0)
        {
            return "Nothing was counted yet.";
        }

        var width = counts.Max(row => row.Max(count => Text(count).Length)) + 1;
        var names = Enumerable.Range(0, counts.Count).Select(i => Text(i)).ToArray();
        var first = names.Max(name => name.Length);
        string Line(string name, IEnumerable<string> cells) => name.PadLeft(first) + " │" + string.Concat(cells.Select(cell => cell.PadLeft(Math.Max(width, first + 1))));
        return string.Join('\n', counts.Select((row, i) => Line(names[i], row.Select(Text))).Prepend(Line("", names)));
    }

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
