using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments;

/// <summary>Independent host generators of one seed, for decisions outside training. Training uses the streams 0, 1, 2, … of the epochs.</summary>
internal static class SeedStream
{
    public static SplitMix64 Split(long seed) => SplitMix64.Stream(seed, -1);

    public static SplitMix64 RandomLabels(long seed) => SplitMix64.Stream(seed, -2);
}
