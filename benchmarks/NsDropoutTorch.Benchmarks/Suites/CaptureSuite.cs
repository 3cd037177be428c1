using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>What it costs to capture 10,000 rows of validation activations.</summary>
internal sealed class CaptureSuite : ISuite
{
    private const string Floor = "x.mul(mask)";
    private const string Capture = "capture";
    private static readonly long[] Widths = [128, 512];

    public string Title => "Validation capture, 10,000 rows";

    public IEnumerable<Row> Run(Effort effort) => from features in Widths from threads in Threads.Counts select Run(features, threads, effort);

    private static Row Run(long features, int threads, Effort effort)
    {
        using var used = Threads.Use(threads);
        using var scope = NewDisposeScope();
        var (input, mask, labels) = (rand(10_000, features), rand(10_000, features), arange(10_000L).remainder(10));
        using var layer = nn.NSDropout(features, 10, 0.2);
        layer.eval();
        var name = $"capture [10000, {features}]";
        var times = new Contest(effort, $"{name}, threads: {threads}").Add(Floor, () => input.mul(mask)).Add(Capture, CaptureOnce).Run();
        return new(name, times[Capture] / times[Floor], Floor, threads, Text.Time(times[Capture]));

        void CaptureOnce()
        {
            using var noGradients = no_grad();
            using var capture = ValidationCapture.Begin(layer);
            using var batch = LabelScope.Use(labels);
            layer.call(input).Dispose();
            capture.Complete();
        }
    }
}
