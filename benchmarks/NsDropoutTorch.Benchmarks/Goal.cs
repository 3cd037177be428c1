using System.Globalization;

namespace NsDropoutTorch.Benchmarks;

/// <summary>A bound that a ratio is held to.</summary>
internal sealed record Goal(double Bound, bool IsUpper)
{
    public static Goal AtMost(double bound) => new(bound, IsUpper: true);

    public static Goal AtLeast(double bound) => new(bound, IsUpper: false);

    public bool IsMetBy(double ratio) => IsUpper ? ratio <= Bound : ratio >= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsUpper ? '≤' : '≥')} {Bound}");
}
