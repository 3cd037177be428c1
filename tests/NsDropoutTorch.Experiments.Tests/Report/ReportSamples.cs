using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments.Tests.Report;

/// <summary>Small results that have something for every part of the page.</summary>
internal static class ReportSamples
{
    public static ComparisonResults Full { get; } = Of(text => text);

    /// <summary>The same with every free text changed.</summary>
    public static ComparisonResults Of(Func<string, string> change)
    {
        RunResult[] runs =
        [
            Run(change("none"), 22, 0.05), Run(change("none"), 23, 0.06), Run(change("none"), 24, 0.07),
            Learned(change, 22, 0.06), Learned(change, 23, 0.05),
            Labelled(change, 22, 0.87), Labelled(change, 23, 0.9), Labelled(change, 24, 0.84),
        ];
        return new(
            ComparisonResults.CurrentSchema,
            new RunEnvironment(
                change("0.1.0"), change("TorchSharp 0.105.1"), change("2.5.1.0"), change(".NET 10.0.0"), change("Some OS"), change("x64"),
                change("Some processor"), 2, 2, change("cpu"), new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero),
                new DataSource(change("Ö. Müller, Digits."), 60_000, 10_000, [new DataFile(change("train.gz"), 12_345, change("abc"))])),
            new ComparisonSettings { Dataset = change("digits"), Layers = ["none", "concrete", "nsdropout"], Seeds = [22, 23, 24], Epochs = 3, Hidden = [16, 8] },
            runs,
            PairedComparison.Of(runs));
    }

    private static RunResult Run(string layer, long seed, double error) => new(
        layer, layer == "none" ? 0 : 0.2, seed, 3, 2, error, null, null, 11.25, 255_000.4,
        [
            new(0, 2.3, 0.9, 2.25, 0.875, null, 0.005),
            new(1, 1.5, 0.3 + error, 1.4, 0.25, null, 0.005),
            new(2, 0.4, 0.1, 0.3, error, null, 0.005),
        ],
        [[95, 4, 1], [0, 100, 0], [9, 3, 88]]);

    private static RunResult Learned(Func<string, string> change, long seed, double error)
    {
        var run = Run(change("concrete"), seed, error);
        var rates = run.History.Select((_, epoch) => new NamedValues([new(change("layer1"), 0.1 + (0.05 * epoch) + (0.001 * (seed - 22)))]));
        return run with { History = [.. run.History.Zip(rates, (point, learned) => point with { LearnedRates = learned })] };
    }

    private static RunResult Labelled(Func<string, string> change, long seed, double error) => Run(change("nsdropout"), seed, error) with
    {
        TestErrorLabelMask = 0.0001,
        MaskFollowingRate = 0.98,
        History = [new(0, 2.3, 0.9, 2.25, 0.9, 0.5, 0.005), new(1, 1.5, 0.1, 1.4, 0.9, 0.01, 0.005), new(2, 0.2, 0, 0.3, error, 0, 0.005)],
        Confusion = [[10, 0, 90], [0, 10, 90], [5, 0, 95]],
        Masks = [new(change("layer"), 4, [new(0, [[0], [1], [2]]), new(1, [[0], [3], [2]]), new(2, [[1], [3], [2]])], [1, 1.0 / 3, 1.0 / 3])],
        Gaps = [new(change("layer"), -0.5, 1.5, [[1, 2, 1], [0, 4, 0], [2, 1, 1]])],
        Examples =
        [
            new(7, 1, 2, 0.99, new(1, 2, 2, [0, 85, 170, 255])),
            new(8, 0, 0, 0.51, new(3, 1, 2, [1, 2, 3, 4, 5, 6])),
            new(9, 2, 0, 0.4),
        ],
    };
}
