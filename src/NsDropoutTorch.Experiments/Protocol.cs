using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments;

/// <summary>How the training set is divided and how the epoch is chosen whose weights are scored.</summary>
public abstract record Protocol
{
    /// <summary>Every protocol.</summary>
    public static IReadOnlyList<Protocol> All { get; } = [new ReferenceProtocol(), new HoldoutProtocol(), new FinalProtocol()];

    /// <summary>Its name on the command line and in results.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a part of the training set chooses the epoch whose weights are scored; else they are those of the last.</summary>
    public abstract bool Selects { get; }

    /// <summary>Whether masks of the true labels choose the epoch of layers that have such masks. That selection leaks, like the score it is for.</summary>
    public abstract bool SelectsWithLabelMasks { get; }

    /// <summary>The protocol called <paramref name="name"/>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none; the message suggests the nearest name.</exception>
    public static Protocol Find(string name) => Catalog.Find("protocol", All, protocol => protocol.Name, name);

    /// <summary>Divides the training set; the same labels and seed give the same rows on every machine.</summary>
    /// <param name="labels">Class index of each row of the training set.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <exception cref="UserErrorException">There are too few rows for every part to get some of two classes.</exception>
    public DataSplit Split(ReadOnlySpan<byte> labels, long seed)
    {
        var order = Permutation.Of(labels.Length, seed, SeedStream.Split);
        var split = Divide(labels, order);
        if (split.Fit.Length == 0 || split.MaskStatistics.Length == 0 || (split.Selection.Length == 0 && Selects))
            throw new UserErrorException($"the {Name} protocol must give every part at least one sample, but the training set has only {labels.Length}.");
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
                $"the {Name} protocol must give every part at least two classes, but with seed {seed} all of the part for {part} ({rows.Length} samples) are of class {labels[(int)rows[0]]}; "
                + "more samples, or another protocol, would do.");
        }
    }

    /// <summary>Divides the rows, given in random order.</summary>
    /// <param name="labels">Class index of each row.</param>
    /// <param name="order">All rows, shuffled.</param>
    private protected abstract DataSplit Divide(ReadOnlySpan<byte> labels, long[] order);
}
