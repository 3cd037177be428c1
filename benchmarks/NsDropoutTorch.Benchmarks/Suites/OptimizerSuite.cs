using NsDropoutTorch.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>Steps of the fused optimizers against those of TorchSharp's own, with the parameters of an MLP 784–128–128–128–10 and the same gradients.</summary>
internal sealed class OptimizerSuite : ISuite
{
    private static readonly (string Name, Func<IEnumerable<Parameter>, optim.Optimizer> Plain, Func<IEnumerable<Parameter>, optim.Optimizer> Fused)[] Pairs =
    [
        ("Adam", parameters => optim.Adam(parameters), parameters => optim.FusedAdam(parameters)),
        ("AdamW", parameters => optim.AdamW(parameters, weight_decay: 0.01), parameters => optim.FusedAdamW(parameters, weight_decay: 0.01)),
    ];

    public string Title => "Optimizer steps, MLP 784–128–128–128–10";

    public IEnumerable<Row> Run(Effort effort) => from threads in Threads.Counts from pair in Pairs select Run(pair, threads, effort);

    private static Row Run((string Name, Func<IEnumerable<Parameter>, optim.Optimizer> Plain, Func<IEnumerable<Parameter>, optim.Optimizer> Fused) pair, int threads, Effort effort)
    {
        using var used = Threads.Use(threads);
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10));
        foreach (var parameter in model.parameters()) parameter.grad = 0.01 * randn_like(parameter);
        using var plain = pair.Plain(model.parameters());
        using var fused = pair.Fused(model.parameters());
        var contest = new Contest(effort, $"Fused{pair.Name}, threads: {threads}").Add(nameof(plain), () => plain.step()).Add(nameof(fused), () => fused.step());
        contest.Run(); // Compiles what the next run measures.
        var times = contest.Run();
        // No goal: what small calls cost beside arithmetic differs from processor to processor.
        return new($"Fused{pair.Name}", times[nameof(plain)] / times[nameof(fused)], $"optim.{pair.Name}, times faster", threads, Text.Time(times[nameof(fused)]))
        {
            Bytes = Contest.BytesOf(() => { using var step = NewDisposeScope(); fused.step(); }),
        };
    }
}
