using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training.Checkpoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

/// <summary>Generators that layers have of their own, in runs that go on.</summary>
public sealed class ResumedGeneratorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Root => folder.Root;

    public void Dispose() => folder.Dispose();

    /// <summary>A generator begins anew in the process that goes on, and is put where it was; two layers share one here.</summary>
    [Fact]
    public void Fit_LayersWithGeneratorsOfTheirOwn_ResumeToTheSameBits()
    {
        var options = Job.Options with { ResumeFrom = Root };
        var whole = Run(WithGenerators());
        Assert.NotEqual(whole, Run(WithGenerators(otherSeed: 1)));
        using var stopped = WithGenerators();
        Job.FitUntil(8, stopped, options, Root);

        Assert.Equal(whole, Run(WithGenerators(), options));

        static Outcome Run(Sequential model, TrainerOptions? options = null)
        {
            using (model)
            {
                if (options is not null) manual_seed(99); // What goes on does not depend on where torch's generator was.
                return Outcome.Of(model, Job.Fit(model, options));
            }
        }
    }

    [Fact]
    public void Fit_ResumedWithoutTheGeneratorOfALayer_SaysWhichOne()
    {
        var options = Job.Options with { ResumeFrom = Root };
        using var stopped = WithGenerators();
        Job.FitUntil(8, stopped, options, Root);
        using var resumed = WithGenerators();
        resumed.modules().OfType<DropPath>().Single().generator = null;

        var error = Assert.Throws<CheckpointException>(() => Job.Fit(resumed, options));

        Assert.StartsWith("Generators of modules must be fast, path to resume from", error.Message, StringComparison.Ordinal);
        Assert.Contains("but got fast;", error.Message, StringComparison.Ordinal);
    }

    private static Sequential WithGenerators(ulong otherSeed = 3)
    {
        manual_seed(7);
        var (shared, own) = (new Generator(2, CPU), new Generator(otherSeed, CPU));
        return nn.Sequential(
            ("hidden", nn.Linear(4, 16)), ("fast", new FastDropout(0.2) { generator = shared }), ("gauss", new GaussianDropout(0.2) { generator = shared }),
            ("dropout", nn.Dropout(0.2)), ("path", new DropPath(0.3) { generator = own }), ("output", nn.Linear(16, 3)));
    }
}
