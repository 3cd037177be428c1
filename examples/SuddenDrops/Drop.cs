namespace SuddenDrops;

/// <summary>A prolonged drop of an accuracy curve: a longest stretch of epochs in which it lies below the best so far by more than a depth.</summary>
/// <param name="Start">Its first epoch, from 0.</param>
/// <param name="Length">Its epochs.</param>
/// <param name="Depth">How far it falls below the best before it, at its deepest.</param>
internal sealed record Drop(int Start, int Length, double Depth)
{
    /// <summary>Least depth: five points of accuracy.</summary>
    public const double LeastDepth = 0.05;

    /// <summary>Least length in epochs.</summary>
    public const int LeastLength = 5;

    /// <summary>The prolonged drops of a curve, in order.</summary>
    /// <param name="accuracy">Accuracy of each epoch, in [0, 1].</param>
    /// <param name="from">Those that begin earlier are left out: a curve that still climbs is uneven with every layer.</param>
    public static IReadOnlyList<Drop> In(IReadOnlyList<double> accuracy, int from = 0)
    {
        var drops = new List<Drop>();
        var (best, start, deepest) = (0.0, -1, 0.0);
        for (var epoch = 0; epoch <= accuracy.Count; epoch++)
        {
            var below = epoch < accuracy.Count && best - accuracy[epoch] >= LeastDepth;
            if (below)
            {
                (start, deepest) = (start < 0 ? epoch : start, Math.Max(deepest, best - accuracy[epoch]));
                continue;
            }

            if (start >= from && start >= 0 && epoch - start >= LeastLength) drops.Add(new(start, epoch - start, deepest));
            (start, deepest) = (-1, 0);
            if (epoch < accuracy.Count) best = Math.Max(best, accuracy[epoch]);
        }

        return drops;
    }
}
