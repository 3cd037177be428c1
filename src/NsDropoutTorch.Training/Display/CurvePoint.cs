namespace NsDropoutTorch.Training.Display;

/// <summary>The values of several seeds at one epoch.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Low">The smallest.</param>
/// <param name="Middle">The median.</param>
/// <param name="High">The largest.</param>
internal sealed record CurvePoint(int Epoch, double Low, double Middle, double High)
{
    /// <param name="epoch">The epoch.</param>
    /// <param name="sorted">The values, ascending, at least one.</param>
    public static CurvePoint Of(int epoch, double[] sorted) =>
        new(epoch, sorted[0], (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[^1]);
}
