using NsDropoutTorch.Benchmarks.Contestants;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>Fast dropout against the floor, one multiplication by a mask that is already there, and against ordinary dropout; the masks of other layers against libtorch's, and a training step against one without dropout.</summary>
internal sealed class FastDropoutSuite : ISuite
{
    private const string Floor = "x.mul(mask)";
    private const string Dropout = "Dropout";
    private const string Fast = "FastDropout";
    private const double P = 0.2;
    private static readonly long[][] Shapes = [[32, 128], [256, 1024], [8000, 128]];

    public string Title => "FastDropout, float32, forward + backward";

    public IEnumerable<Row> Run(Effort effort) =>
        (from threads in Threads.Counts from shape in Shapes from row in Elements(shape, threads, effort) select row)
        .Concat(from threads in Threads.Counts select Channels([128, 64, 28, 28], threads, effort))
        .Append(Masks(effort)).Append(Training(effort));

    private static IEnumerable<Row> Elements(long[] shape, int threads, Effort effort)
    {
        using var layer = nn.FastDropout(P);
        using var dropout = nn.Dropout(P);
        var times = Times(shape, shape, layer, dropout, threads, effort);
        var (name, isSmall, isPromised) = ($"{Fast} [{string.Join(", ", shape)}]", shape is [32, 128], threads == 1);
        yield return new(name, times[Fast] / times[Floor], Floor, threads, Text.Time(times[Fast])) { Goal = isPromised && !isSmall ? Goal.AtMost(1.1) : null };
        yield return isSmall
            ? new(name, times[Fast] / times[Dropout], Dropout, threads, Text.Time(times[Fast])) { Goal = isPromised ? Goal.AtMost(0.7) : null }
            : new(name, times[Dropout] / times[Fast], $"{Dropout}, times faster", threads, Text.Time(times[Fast])) { Goal = isPromised ? Goal.AtLeast(6) : null };
    }

    private static Row Channels(long[] shape, int threads, Effort effort)
    {
        using var layer = nn.FastDropout2d(P);
        using var dropout = nn.Dropout2d(P);
        var times = Times(shape, [shape[0], shape[1], 1, 1], layer, dropout, threads, effort);
        return new($"FastDropout2d [{string.Join(", ", shape)}]", times[Dropout] / times[Fast], "Dropout2d, times faster", threads, Text.Time(times[Fast]));
    }

    private static IReadOnlyDictionary<string, double> Times(
        long[] shape, long[] maskShape, nn.Module<Tensor, Tensor> layer, nn.Module<Tensor, Tensor> dropout, int threads, Effort effort)
    {
        using var used = Threads.Use(threads);
        using var scope = NewDisposeScope();
        var (input, gradient, mask) = (rand(shape).requires_grad_(), ones(shape), rand(maskShape).gt(P).to(ScalarType.Float32).div(1 - P));
        var contest = new Contest(effort with { Rounds = effort.Rounds * 3 }, $"{layer.GetName()} [{string.Join(", ", shape)}], threads: {threads}").Add(Floor, () => Step(input.mul(mask))).Add(Dropout, () => Step(dropout.call(input))).Add(Fast, () => Step(layer.call(input)));
        contest.Run(); // Compiles what the next run measures.
        return contest.Run();

        void Step(Tensor output)
        {
            output.backward([gradient]);
            input.grad = null;
        }
    }

    // What DropConnect, DropBlock, targeted dropout and the warm-up of NSDropout draw.
    private static Row Masks(Effort effort)
    {
        const string fast = nameof(fast), plain = nameof(plain);
        using var used = Threads.Use(1);
        var times = new Contest(effort, "Bool mask")
            .Add(plain, () => empty(784, 128, ScalarType.Bool).bernoulli_(1 - P)).Add(fast, () => NSDropoutMath.BernoulliMask(784, 128, P)).Run();
        return new("Bool mask [784, 128]", times[plain] / times[fast], "bernoulli_, times faster", 1, Text.Time(times[fast]));
    }

    // One network, with the layer switched on and off: where the memory of two lies is worth more than the layer costs.
    private static Row Training(Effort effort)
    {
        const string without = nameof(without);
        using var used = Threads.Use(1);
        using var scope = NewDisposeScope();
        var (input, labels, layer) = (rand(128, 784), arange(128L).remainder(10), nn.FastDropout(P));
        using var model = Mlp.Of(784, layer);
        using var optimizer = optim.Adam(model.parameters());
        var contest = new Contest(effort with { Rounds = effort.Rounds * 3 }, "a training step with FastDropout").Add(without, () => Step(dropping: false)).Add(Fast, () => Step(dropping: true));
        contest.Run();
        var times = contest.Run();
        return new("a training step with FastDropout, batch 128", times[without] / times[Fast], "the speed without dropout", 1, Text.Time(times[Fast])) { Goal = Goal.AtLeast(0.98) };

        void Step(bool dropping)
        {
            layer.train(dropping);
            optimizer.zero_grad();
            nn.functional.cross_entropy(model.call(input), labels).backward();
            optimizer.step();
        }
    }
}
