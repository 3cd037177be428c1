namespace NsDropoutTorch.Experiments.Statistics;

/// <summary>Independent streams of a run's seed for decisions outside training, which uses the streams 0, 1, 2, … of its epochs.</summary>
internal static class SeedStream
{
    public const long Split = -1;

    public const long RandomLabels = -2;

    public const long SignFlips = -4;

    public const long Noise = -5;
}
