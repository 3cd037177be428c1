namespace NsDropoutTorch.Benchmarks;

/// <summary>How long to measure.</summary>
/// <param name="Rounds">Turns of each contestant.</param>
/// <param name="RoundMilliseconds">Length of a turn; a contestant that takes longer is called once a turn.</param>
/// <param name="Epochs">Epochs of each training contestant, and loads of each data set.</param>
/// <param name="Samples">Samples of an epoch.</param>
internal sealed record Effort(int Rounds, double RoundMilliseconds, int Epochs, int Samples)
{
    /// <summary>What bench.sh takes.</summary>
    public static Effort Quick { get; } = new(15, 4, 16, 12_800);

    /// <summary>Enough to see that everything runs, not to believe a number.</summary>
    public static Effort Smoke { get; } = new(1, 0.05, 1, 1_280) { Longest = TimeSpan.Zero };

    /// <summary>When a contest begins no more rounds, the first time and once more where it scattered. Two threads on a busy machine can take a hundred times their time.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told, in a sentence, of what a reader must know beside the figures.</summary>
    public Action<string> Say { get; init; } = _ => { };
}
