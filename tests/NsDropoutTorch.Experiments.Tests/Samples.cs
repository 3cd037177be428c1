using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests;

/// <summary>Results with figures chosen by hand.</summary>
internal static class Samples
{
    public static RunResult Run(string layer, long seed, double error, double? labelMask = null, double? following = null) => new(
        layer, layer == "none" ? 0 : 0.2, seed, 2, 1, error, labelMask, following, 11.25, 255_000.4,
        [new(0, 2.3, 0.9, 2.25, 0.875, labelMask, 0.005), new(1, 1.5, 0.8, null, null, null, 0.0049999975)],
        [[5, 1], [2, 4]])
    {
        Split = new([8, 7], [3, 2], [2, 3]),
        Audit = labelMask is null ? null : new(0.75, new NoiseControl(2, 0.5, 0.001, 0.99)),
    };

    /// <summary>The same without a result.</summary>
    public static RunResult Diverged(string layer, long seed, int epoch = 1, double? labelMask = null) =>
        Run(layer, seed, 0.9123, labelMask, labelMask).WithoutResult(new(seed, epoch, "training loss"));

    public static ComparisonResults Results(params RunResult[] runs) => ComparisonResults.Of(
        new RunEnvironment(
            "0.1.0", "TorchSharp 0.105.1", "2.5.1.0", ".NET 10.0.0", "Some OS", "x64", "Some processor", 2, 2, "cpu",
            new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero),
            new DataSource("Ö. Müller, <digits>", 60_000, 10_000, [new DataFile("train.gz", 12, "abc")])),
        new ComparisonSettings
        {
            Dataset = "mnist",
            Epochs = 2,
            Layers = [.. runs.Select(run => run.Layer).Distinct()],
            Seeds = [.. runs.Select(run => run.Seed).Distinct()],
        },
        runs);
}
