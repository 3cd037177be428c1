using System.Text.Json.Serialization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Statistics;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Protocols;

/// <summary>How the training set is divided and how the epoch is chosen whose weights are scored.</summary>
[JsonConverter(typeof(ProtocolConverter))]
public abstract record Protocol
{
    /// <summary>That of the reference notebooks.</summary>
    public static Protocol Reference { get; } = new ReferenceProtocol();

    /// <summary>Four disjoint parts, of which none selects with labels.</summary>
    public static Protocol Holdout { get; } = new HoldoutProtocol();

    /// <summary>The whole training set to fit, the last epoch scored.</summary>
    public static Protocol Final { get; } = new FinalProtocol();

    /// <summary>Every protocol.</summary>
    public static IReadOnlyList<Protocol> All { get; } = [Reference, Holdout, Final];

    /// <summary>Its name on the command line and in results.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a part of the training set chooses the epoch whose weights are scored; else they are those of the last.</summary>
    public abstract bool Selects { get; }

    /// <summary>Whether masks of the true labels choose the epoch of layers that have such masks. That selection leaks, like the score it is for.</summary>
    public abstract bool SelectsWithLabelMasks { get; }

    /// <summary>The protocol called <paramref name="name"/>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none; the message suggests the nearest name.</exception>
    public static Protocol Find(string name) => NearestName.Find("protocol", All, protocol => protocol.Name, name);

    /// <summary>Divides the training set; the same labels and seed give the same rows on every machine.</summary>
    /// <param name="labels">Class index of each row of the training set.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="samples">How many rows are used, the first of the seed's order; null: all.</param>
    /// <exception cref="UserErrorException">There are fewer rows, or too few for every part to get some of two classes.</exception>
    public DataSplit Split(ReadOnlySpan<byte> labels, long seed, int? samples = null)
    {
        if (samples > labels.Length)
            throw new UserErrorException(Invariant($"a comparison must ask for no more training samples than there are, but it asks for {samples} of {labels.Length}."));
        var order = Permutation.Of(labels.Length, seed, SeedStream.Split)[..(samples ?? labels.Length)];
        var split = Divide(labels, order);
        if (split.Fit.Length == 0 || split.MaskStatistics.Length == 0 || (split.Selection.Length == 0 && Selects))
            throw new UserErrorException($"the {Name} protocol must give every part at least one sample, but the training set has only {order.Length}.");
        CheckVariety(labels, split.Fit, "fit", seed);
        CheckVariety(labels, split.MaskStatistics, "mask statistics", seed);
        CheckVariety(labels, split.Selection, "selection", seed);
        return split;
    }

    // With one class every network is right.
    private void CheckVariety(ReadOnlySpan<byte> labels, long[] rows, string part, long seed)
    {
        foreach (var row in rows)
        {
            if (labels[(int)row] != labels[(int)rows[0]])
                return;
        }

        if (rows.Length > 0)
        {
            throw new UserErrorException(
                Invariant($"the {Name} protocol must give every part at least two classes, but with seed {seed} all of the part for {part} ({rows.Length} samples) are of class {labels[(int)rows[0]]}; ")
                + "more samples, or another protocol, would do.");
        }
    }

    /// <summary>Divides the rows, given in random order.</summary>
    /// <param name="labels">Class index of each row.</param>
    /// <param name="order">The rows that are used, shuffled.</param>
    private protected abstract DataSplit Divide(ReadOnlySpan<byte> labels, long[] order);
}

/// <summary>
/// The protocol of the reference notebooks: training set shuffled, the first 10,000 kept (or all of a smaller set), 80 % to fit, 20 % as mask statistics,
/// which also choose the epoch: the one with the highest validation accuracy, which is measured with masks of the true labels where a layer has such masks.
/// </summary>
public sealed record ReferenceProtocol : Protocol
{
    private const int Kept = 10_000;

    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override bool Selects => true;

    /// <inheritdoc/>
    public override bool SelectsWithLabelMasks => true;

    private protected override DataSplit Divide(ReadOnlySpan<byte> labels, long[] order)
    {
        var kept = Math.Min(Kept, order.Length);
        var fit = kept * 4 / 5;
        var rest = order[fit..kept];
        return new(order[..fit], rest, rest);
    }
}

/// <summary>
/// Four disjoint parts: of each class of the training set 60 % to fit, 20 % as mask statistics and 20 % for selection, and the data set's own test set,
/// scored once with the weights of the epoch that had the lowest label-free selection error. Models without use for labelled mask statistics fit to that part too.
/// </summary>
public sealed record HoldoutProtocol : Protocol
{
    /// <inheritdoc/>
    public override string Name => "holdout";

    /// <inheritdoc/>
    public override bool Selects => true;

    /// <inheritdoc/>
    public override bool SelectsWithLabelMasks => false;

    private protected override DataSplit Divide(ReadOnlySpan<byte> labels, long[] order)
    {
        var parts = StratifiedFifths.Take(labels, order, 2);
        return new(parts[2], parts[1], parts[0]);
    }
}

/// <summary>
/// What sources do that hold nothing back: the whole training set to fit, no selection, the weights of the last epoch scored on the test set. Models that learn from
/// validation activations give up a fifth of each class for them.
/// </summary>
public sealed record FinalProtocol : Protocol
{
    /// <inheritdoc/>
    public override string Name => "final";

    /// <inheritdoc/>
    public override bool Selects => false;

    /// <inheritdoc/>
    public override bool SelectsWithLabelMasks => false;

    private protected override DataSplit Divide(ReadOnlySpan<byte> labels, long[] order)
    {
        var parts = StratifiedFifths.Take(labels, order, 1);
        return new(parts[1], parts[0], []);
    }
}

/// <summary>Rows of the training set by what they are used for; the data set's own test set is the fourth part.</summary>
/// <param name="Fit">Rows the weights are fitted to.</param>
/// <param name="MaskStatistics">Rows shown to layers that learn from validation activations.</param>
/// <param name="Selection">Rows that score epochs; may be the same array as <paramref name="MaskStatistics"/>, or empty where nothing is selected.</param>
public sealed record DataSplit(long[] Fit, long[] MaskStatistics, long[] Selection)
{
    /// <summary>Whether one set of rows serves as mask statistics and for selection.</summary>
    public bool SharesSelection => ReferenceEquals(MaskStatistics, Selection);

    /// <summary>
    /// The parts as a model has use for them, so that every layer has had the same labels: one that learns nothing from validation activations is fitted to the mask statistics
    /// too, and so is one that learns from activations without labels, to which the selection part, where there is one, shows them.
    /// </summary>
    /// <param name="needsCapture">Whether the model learns from validation activations.</param>
    /// <param name="readsLabels">Whether it reads the labels of these too.</param>
    public DataSplit For(bool needsCapture, bool readsLabels)
    {
        if (SharesSelection || (needsCapture && (readsLabels || Selection.Length == 0))) return this;
        return this with { Fit = [.. Fit, .. MaskStatistics], MaskStatistics = needsCapture ? Selection : MaskStatistics };
    }
}

internal sealed class ProtocolConverter() : TextConverter<Protocol>(Protocol.Find, protocol => protocol.Name);
