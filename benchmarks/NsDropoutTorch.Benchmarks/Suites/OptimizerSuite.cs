using NsDropoutTorch.Benchmarks.Contestants;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>Steps of the fused optimizers, and clipping, against TorchSharp's own, with the parameters of an MLP 784–128–128–128–10 and the same gradients.</summary>
internal sealed class OptimizerSuite : ISuite
{
    private static readonly (string Name, Func<IEnumerable<Parameter>, optim.Optimizer> Plain, Func<IEnumerable<Parameter>, optim.Optimizer> Fused)[] Pairs =
    [
        ("Adam", parameters => optim.Adam(parameters), parameters => optim.FusedAdam(parameters)),
        ("AdamW", parameters => optim.AdamW(parameters, weight_decay: 0.01), parameters => optim.FusedAdamW(parameters, weight_decay: 0.01)),
        ("SGD", parameters => optim.SGD(parameters, 0.01), parameters => optim.FusedSGD(parameters, 0.01)),
        ("SGD with momentum", parameters => optim.SGD(parameters, 0.01, 0.9), parameters => optim.FusedSGD(parameters, 0.01, 0.9)),
    ];

    public string Title => "Optimizer steps, MLP 784–128–128–128–10";

    public IEnumerable<Row> Run(Effort effort) => Threads.Counts.SelectMany(threads =>
        Pairs.Select(pair => Run(pair, threads, effort)).Append(Run(Pairs[0], threads, effort, isHalfStopped: true)).Append(Clip(threads, effort)));

    private static Row Run((string Name, Func<IEnumerable<Parameter>, optim.Optimizer> Plain, Func<IEnumerable<Parameter>, optim.Optimizer> Fused) pair, int threads, Effort effort, bool isHalfStopped = false)
    {
        using var used = Threads.Use(threads);
        using var scope = NewDisposeScope();
        using var model = Model();
        using var plain = pair.Plain(model.parameters());
        using var fused = pair.Fused(model.parameters());
        if (isHalfStopped) StopHalf(model, plain, fused);
        var name = $"Fused{pair.Name}{(isHalfStopped ? ", half of the neurons without gradients for 1,000 steps" : "")}";
        var contest = new Contest(effort, $"{name}, threads: {threads}").Add(nameof(plain), () => plain.step()).Add(nameof(fused), () => fused.step());
        var times = Compiled(contest);
        // No goal: what small calls cost beside arithmetic differs from processor to processor.
        return new(name, times[nameof(plain)] / times[nameof(fused)], $"optim.{pair.Name}, times faster", threads, Text.Time(times[nameof(fused)]))
        {
            Bytes = Contest.BytesOf(() => { using var step = NewDisposeScope(); fused.step(); }),
        };
    }

    private static Row Clip(int threads, Effort effort)
    {
        using var used = Threads.Use(threads);
        using var scope = NewDisposeScope();
        using var model = Model();
        Parameter[] parameters = [.. model.parameters()];
        var clipping = new ClipByNorm(0.5);
        var contest = new Contest(effort, $"ClipByNorm, threads: {threads}")
            .Add(nameof(clipping), () => clipping.Apply(parameters)).Add(nameof(nn.utils), () => nn.utils.clip_grad_norm_(parameters, 0.5));
        var times = Compiled(contest);
        return new("ClipByNorm", times[nameof(nn.utils)] / times[nameof(clipping)], "clip_grad_norm_, times faster", threads, Text.Time(times[nameof(clipping)]));
    }

    // The runtime compiles the hot methods again behind the first rounds.
    private static IReadOnlyDictionary<string, double> Compiled(Contest contest)
    {
        for (var i = 0; i < 3; i++) contest.Run();
        return contest.Run();
    }

    // As neurons that have ceased to fire leave it: their averages fade, into numbers that most processors are slow with.
    private static void StopHalf(Sequential model, params optim.Optimizer[] optimizers)
    {
        foreach (var optimizer in optimizers) optimizer.step();
        foreach (var parameter in model.parameters())
        {
            using var half = parameter.grad!.narrow(0, 0, parameter.size(0) / 2);
            half.zero_();
        }

        for (var i = 0; i < 1000; i++)
            foreach (var optimizer in optimizers) optimizer.step();
    }

    private static Sequential Model()
    {
        var model = Mlp.Of(784);
        foreach (var parameter in model.parameters()) parameter.grad = 0.01 * randn_like(parameter);
        return model;
    }
}
