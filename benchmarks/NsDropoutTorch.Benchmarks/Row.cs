namespace NsDropoutTorch.Benchmarks;

/// <summary>One line of the report: how much one thing costs, as a ratio to another that took turns with it.</summary>
/// <param name="Subject">What was measured.</param>
/// <param name="Ratio">Its ratio to the reference.</param>
/// <param name="Reference">What it is compared with.</param>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="Time">The subject's own time, there only to make sense of the ratio.</param>
internal sealed record Row(string Subject, double Ratio, string Reference, int Threads, string Time)
{
    /// <summary>What the ratio must not exceed, or must not fall below; null where nothing is promised.</summary>
    public Goal? Goal { get; init; }

    /// <summary>Managed bytes a call allocates; null where nobody asked.</summary>
    public double? Bytes { get; init; }
}
