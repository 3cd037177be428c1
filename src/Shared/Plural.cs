namespace NsDropoutTorch;

/// <summary>A number with its noun.</summary>
internal static class Plural
{
    /// <summary><c>1 seed</c>, <c>12 seeds</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">What one of them is called; more of them take an s.</param>
    public static string Of(long count, string one) => Invariant($"{count} {one}{(count == 1 ? "" : "s")}");
}
