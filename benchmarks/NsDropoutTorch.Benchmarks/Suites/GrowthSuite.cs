using NsDropoutTorch.Benchmarks.Contestants;
using TorchSharp;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>How forward and backward grow with rows, features and classes, and that they do not grow with the cache.</summary>
internal sealed class GrowthSuite : ISuite
{
    private const string Floor = "floor";

    // The floor is linear in N and F but for the caches its operands outgrow; of C it knows nothing.
    private static readonly Axis[] Axes =
    [
        new("N", [32, 512, 4096, 32_768], true, rows => new([rows, 128])),
        new("F", [128, 1024, 8192, 65_536], true, features => new([64, features])),
        new("C", [2, 10, 100, 1000], false, classes => new([2000, 256], classes)),
    ];

    public string Title => "Growth of NSDropout, forward + backward";

    public IEnumerable<Row> Run(Effort effort)
    {
        using var single = Threads.Use(1);
        foreach (var row in Axes.SelectMany(axis => Grow(axis, effort))) yield return row;
        yield return Cache(effort, NSDropoutOptions.Default, "statistics");
        yield return Cache(effort, new() { KeepActivations = true }, "activations kept");
    }

    private static IEnumerable<Row> Grow(Axis axis, Effort effort)
    {
        torch.manual_seed(0);
        var benches = axis.Sizes.ToDictionary(size => size, size => axis.Create(size));
        var contest = new Contest(effort, $"growth with {axis.Name}");
        foreach (var (size, bench) in benches)
            contest.Add($"{size}", () => bench.Backward(bench.NSDropout)).Add(Floor + size, () => bench.Backward(bench.Floor));
        var times = contest.Run();
        foreach (var bench in benches.Values) bench.Dispose();
        foreach (var (small, large) in axis.Sizes.Zip(axis.Sizes.Skip(1)))
        {
            var linear = axis.IsSharedByFloor ? times[$"{Floor}{large}"] / times[$"{Floor}{small}"] : (double)large / small;
            var reference = axis.IsSharedByFloor ? "growth of x.mul(mask)" : $"{(double)large / small:0} times";
            yield return new($"growth from {axis.Name} = {small} to {large}", times[$"{large}"] / times[$"{small}"] / linear, reference, 1, Text.Time(times[$"{large}"]))
            {
                Goal = Goal.AtMost(1.2),
            };
        }
    }

    private static Row Cache(Effort effort, NSDropoutOptions options, string kept)
    {
        const string few = "600", many = "60000";
        using var small = new LayerBench([256, 1024], cacheRows: 600, options: options);
        using var large = new LayerBench([256, 1024], cacheRows: effort.Rounds > 1 ? 60_000 : 600, options: options);
        var times = new Contest(effort with { Rounds = effort.Rounds * 3 }, $"cache ({kept})")
            .Add(few, () => small.Backward(small.NSDropout)).Add(many, () => large.Backward(large.NSDropout)).Run();
        return new($"step with a cache of 60,000 rows ({kept})", times[many] / times[few], "with 600 rows", 1, Text.Time(times[many])) { Goal = Goal.AtMost(1.05) };
    }

    private sealed record Axis(string Name, long[] Sizes, bool IsSharedByFloor, Func<long, LayerBench> Create);
}
