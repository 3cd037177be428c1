using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Optim;

/// <summary>Walks down half of the sum of c·w² with an optimizer and, number by number, with its formula.</summary>
internal sealed class Descent : IDisposable
{
    private static readonly double[] Start = [1, -2, 0.5];
    private static readonly double[] Curvature = [1, 0.5, 3];

    internal Parameter Weights { get; } = new(tensor(Start));

    public void Dispose() => Weights.Dispose();

    internal void Step(optim.Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        (tensor(Curvature) * Weights.square()).sum().mul(0.5).backward();
        optimizer.step();
    }

    /// <summary>The formula sees one weight, its gradient, the step from 1 on, and memory of its own.</summary>
    internal static double[] Expected(int steps, Func<double, double, int, double[], double> formula)
    {
        return Start.Select((start, i) =>
        {
            var weight = start;
            var memory = new double[4];
            for (var step = 1; step <= steps; step++) weight = formula(weight, Curvature[i] * weight, step, memory);
            return weight;
        }).ToArray();
    }

    internal static void Follow(Func<Parameter, optim.Optimizer> create, Func<double, double, int, double[], double> formula)
    {
        using var descent = new Descent();
        using var optimizer = create(descent.Weights);
        for (var step = 1; step <= 8; step++)
        {
            descent.Step(optimizer);
            Expect.Near(Expected(step, formula), descent.Weights, 1e-13);
        }
    }
}
