namespace NsDropoutTorch.Benchmarks;

/// <summary>
/// Whether rounds can be believed. Every other round is a measurement of its own: where the fastest of the odd rounds and the fastest of the even ones
/// differ, the fastest of all was found by luck.
/// </summary>
internal static class Scatter
{
    /// <summary>The difference, as a fraction, above which a contest is measured again.</summary>
    public const double Limit = 0.05;

    /// <summary>The slower of both halves' fastest rounds over the faster, less 1; 0 where there are fewer than two rounds.</summary>
    /// <param name="rounds">Times in any unit, in the order of the rounds.</param>
    public static double Of(IReadOnlyList<double> rounds)
    {
        if (rounds.Count < 2) return 0;
        var halves = rounds.Index().GroupBy(round => round.Index % 2, round => round.Item).Select(half => half.Min()).ToList();
        return (halves.Max() / halves.Min()) - 1;
    }
}
