using NsDropoutTorch.Dropouts;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

/// <summary>Layers of sequences and channels in a trained model: what they learned and drew goes on after an interruption.</summary>
public sealed class ShapedLayerResumeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("sequences")]
    [InlineData("channels")]
    public void Fit_Interrupted_ResumesToTheSameBits(string kind)
    {
        var options = Job.Options with { Penalties = [] };
        using var whole = Model(kind);
        var expected = Outcome.Of(whole, Job.Fit(whole, options));
        foreach (var iteration in new[] { 3, 12 })
        {
            var run = Path.Combine(folder.Root, $"{iteration}");
            using var interrupted = Model(kind);
            Job.FitUntil(iteration, interrupted, options, run);
            using var resumed = Model(kind);

            Assert.Equal(expected, Outcome.Of(resumed, Job.Fit(resumed, options with { ResumeFrom = run })));
        }

        foreach (var layer in whole.modules().OfType<NSDropoutModule>())
        {
            Assert.True(layer.mask_updates > 0);
            Assert.Equal(4, layer.validation_captures);
        }
    }

    public void Dispose() => folder.Dispose();

    private static Sequential Model(string kind)
    {
        manual_seed(7);
        return kind == "sequences"
            ? nn.Sequential(
                ("hidden", nn.Linear(4, 16)),
                ("steps", nn.Unflatten(1, [4, 4])),
                ("pooled", nn.NSDropoutSequence(4, 3, 0.25, options: new NSDropoutOptions { Momentum = 0.1 })),
                ("positions", nn.NSDropoutSequence(4, 3, 0.25, length: 4, NSDropoutOptions.LabelFree)),
                ("concrete", nn.ConcreteDropout(4)),
                ("flatten", nn.Flatten()),
                ("output", nn.Linear(16, 3)))
            : nn.Sequential(
                ("steps", nn.Unflatten(1, [1, 4])),
                ("hidden", nn.DropConnectConv1d(1, 16, 2, 0.2, per_sample: true)),
                ("concrete", nn.ConcreteDropout2d(16)),
                ("variational", nn.VariationalDropout2d(16)),
                ("flatten", nn.Flatten()),
                ("output", nn.Linear(48, 3)));
    }
}
