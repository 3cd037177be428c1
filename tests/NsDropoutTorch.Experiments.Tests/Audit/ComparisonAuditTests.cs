using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Audit;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Runs;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests.Audit;

public sealed class ComparisonAuditTests
{
    private const int NoiseEpochs = 100;
    private const int Count = 4000;

    public static TheoryData<string, string> Cases => new()
    {
        { "digits", "reference" },
        { "digits", "holdout" },
        { "pure noise", "reference" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_Comparison_CallsNSDropoutWithFixedMasksAloneMaskDependent(string data, string protocol)
    {
        var dataset = data == "pure noise" ? PureNoise() : Digits.First(500, 500);
        var settings = new ComparisonSettings 
        {
            Dataset = data,
            Layers = ["none", "dropout", "nsdropout:label-free=true", "nsdropout:gap-share=0.5", "nsdropout"],
            Protocol = Protocol.Find(protocol),
            Epochs = 120,
            NoiseEpochs = NoiseEpochs,
        };
        using var comparison = new Comparison(dataset, settings, CPU);

        var runs = comparison.Run();
        var audits = LayerAudit.Of(runs);

        Assert.All(audits.SkipLast(1), audit => Assert.True(audit.Verdict == LeakageVerdict.Clean, audit.Sentence));
        Assert.True(audits[^1].Verdict == LeakageVerdict.MaskDependent, audits[^1].Sentence);
        Assert.Equal([true, true, true, false, false], runs.Select(run => run.Audit is null));
        var noise = audits[^1].Noise!;
        Assert.Equal(NoiseEpochs, noise.Epochs);
        Assert.True(noise.MaskFollowingRate > audits[^1].ChanceBound, audits[^1].Sentence);
        Assert.InRange(noise.TestError, 0.8, 1);
        // It has learnt nothing but to read the mask.
        Assert.True(noise.TestErrorLabelMask < 1 - audits[^1].ChanceBound, audits[^1].Sentence);
    }

    [Fact]
    public void Run_WithoutNoiseControl_HasTheRestOfTheAudit()
    {
        var settings = new ComparisonSettings { Dataset = "digits", Layers = ["nsdropout"], Epochs = 2, Hidden = [16], NoiseEpochs = 0 };
        using var comparison = new Comparison(Digits.First(100, 100), settings, CPU);

        var audit = comparison.Run()[0].Audit!;

        Assert.Null(audit.Noise);
        Assert.InRange(audit.TestErrorMeanMask, 0, 1);
    }

    [Fact]
    public void Run_WithNoiseControl_ChangesNoFigureOfTheRun()
    {
        var settings = new ComparisonSettings { Dataset = "digits", Layers = ["nsdropout"], Epochs = 5, Hidden = [16] };
        var dataset = Digits.First(100, 100);
        using var with = new Comparison(dataset, settings, CPU);
        using var without = new Comparison(dataset, settings with { NoiseEpochs = 0 }, CPU);

        var (run, other) = (with.Run()[0], without.Run()[0]);

        Assert.Equal(5, run.Audit!.Noise!.Epochs);
        Assert.Equal(other.History, run.History);
        Assert.Equal(other.TestErrorLabelMask, run.TestErrorLabelMask);
        Assert.Equal(other.Audit!.TestErrorMeanMask, run.Audit.TestErrorMeanMask);
    }

    /// <summary>Pixels and labels that have nothing to do with each other.</summary>
    private static ImageDataset PureNoise()
    {
        var random = new Random(1);
        return new("pure noise", 10, [.. Enumerable.Range(0, 10).Select(i => $"{i}")], Draw(random), Draw(random), "drawn by chance", []);

        static ImageSet Draw(Random random)
        {
            var pixels = new byte[Count * 16 * 16];
            random.NextBytes(pixels);
            return new(1, 16, 16, pixels, [.. Enumerable.Range(0, Count).Select(_ => (byte)random.Next(10))]);
        }
    }
}
