using NsDropoutTorch.Benchmarks.Contestants;
using TorchSharp;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>The layers against the floor, ordinary dropout, a loop over classes and plain loops.</summary>
internal sealed class LayerSuite : ISuite
{
    private const string Floor = "x.mul(mask)";
    private const string Bare = "its three operators alone";
    private const string Dropout = "Dropout";
    private const string NSDropout = "NSDropout";
    private const string ByClass = "loop over classes";
    private const string Plain = "plain C# loops";
    private static readonly long[][] Shapes = [[32, 128], [256, 1024], [8000, 128], [128, 64, 28, 28]];

    public string Title => "Layers, float32, 10 classes";

    public IEnumerable<Row> Run(Effort effort) =>
        from shape in Shapes from threads in Threads.Counts from row in Run(shape, threads, effort) select row;

    private static List<Row> Run(long[] shape, int threads, Effort effort)
    {
        torch.manual_seed(0);
        using var used = Threads.Use(threads);
        using var bench = new LayerBench(shape);
        bench.CheckAgreement();
        var forward = new Contest(effort, $"{bench.Name}, forward, threads: {threads}")
            .Add(Floor, () => bench.Floor()).Add(Dropout, () => bench.Dropout()).Add(NSDropout, () => bench.NSDropout())
            .Add(Bare, () => bench.Bare()).Add(ByClass, () => bench.ByClass()).Add(Plain, bench.PlainLoops);
        forward.Run(); // Compiles what the next runs measure.
        var alone = forward.Run();
        var both = new Contest(effort, $"{bench.Name}, forward + backward, threads: {threads}")
            .Add(Floor, () => bench.Backward(bench.Floor)).Add(Dropout, () => bench.Backward(bench.Dropout))
            .Add(NSDropout, () => bench.Backward(bench.NSDropout)).Add(Bare, () => bench.Backward(bench.Bare)).Add(ByClass, () => bench.Backward(bench.ByClass))
            .Add(Plain, bench.PlainLoopsBackward).Run();
        var (isLarge, isSmall) = (shape is [256, 1024] or [8000, 128], shape is [32, 128]);
        return [.. Rows(alone, "forward", false), .. Rows(both, "forward + backward", threads == 1)];

        IEnumerable<Row> Rows(IReadOnlyDictionary<string, double> times, string what, bool isPromised)
        {
            var name = $"{(shape.Length > 2 ? "NSDropout2d" : NSDropout)} {bench.Name}, {what}";
            yield return Row(Bare, times[NSDropout] / times[Bare]);
            yield return Row(Floor, times[NSDropout] / times[Floor]) with { Goal = isPromised && isLarge ? Goal.AtMost(1.5) : null };
            yield return Row($"{(shape.Length > 2 ? "Dropout2d" : Dropout)}, times faster", times[Dropout] / times[NSDropout]) with { Goal = isPromised && isSmall ? Goal.AtLeast(1) : null };
            yield return Row($"{ByClass}, times faster", times[ByClass] / times[NSDropout]);
            yield return Row($"{Plain}, times faster", times[Plain] / times[NSDropout]);

            Row Row(string reference, double ratio) => new(name, ratio, reference, threads, Text.Time(times[NSDropout]));
        }
    }
}
