using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>NSDropout without labels, whose masks are drawn for every sample, and masks of sequences: a training step of the layer, its statistics included, against the floor and ordinary dropout.</summary>
internal sealed class LabelFreeSuite : ISuite
{
    private const string Floor = "x.mul(mask)";
    private const string Dropout = "Dropout";
    private const double P = 0.2;
    private const int Classes = 10;

    private static readonly (string Name, long[] Shape, Func<NSDropoutModule> Create)[] Layers =
    [
        .. from shape in new long[][] { [32, 128], [256, 1024], [8000, 128] }
           select ("NSDropout label-free", shape, (Func<NSDropoutModule>)(() => nn.NSDropout(shape[1], Classes, P, NSDropoutOptions.LabelFree))),
        ("NSDropout2d label-free", [128, 64, 28, 28], () => nn.NSDropout2d(64, Classes, P, NSDropoutOptions.LabelFree)),
        ("NSDropoutSequence label-free", [64, 35, 256], () => nn.NSDropoutSequence(256, Classes, P, options: NSDropoutOptions.LabelFree)),
        ("NSDropoutSequence", [64, 35, 256], () => nn.NSDropoutSequence(256, Classes, P)),
    ];

    public string Title => "NSDropout without labels and of sequences, float32, forward + backward";

    public IEnumerable<Row> Run(Effort effort) => Layers.SelectMany(layer => Run(layer.Name, layer.Shape, layer.Create, effort));

    private static List<Row> Run(string name, long[] shape, Func<NSDropoutModule> create, Effort effort)
    {
        using var used = Threads.Use(1);
        using var scope = NewDisposeScope();
        manual_seed(0);
        using var layer = create();
        using var dropout = nn.Dropout(P);
        var (input, gradient, mask) = (rand(shape).requires_grad_(), ones(shape), rand(shape).gt(P).to(ScalarType.Float32).div(1 - P));
        var labels = randint(Classes, [shape[0]], ScalarType.Int64);
        layer.CacheValidation(rand(shape), labels);
        var contest = new Contest(effort, $"{name} [{string.Join(", ", shape)}]")
            .Add(Floor, () => Step(input.mul(mask))).Add(Dropout, () => Step(dropout.call(input))).Add(name, () => Step(layer.forward(input, labels)));
        contest.Run(); // Compiles what the next run measures.
        var times = contest.Run();
        var subject = $"{name} [{string.Join(", ", shape)}]";
        return [new(subject, times[name] / times[Floor], Floor, 1, Text.Time(times[name])), new(subject, times[Dropout] / times[name], $"{Dropout}, times faster", 1, Text.Time(times[name]))];

        void Step(Tensor output)
        {
            output.backward([gradient]);
            input.grad = null;
        }
    }
}
