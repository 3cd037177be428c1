using static TorchSharp.torch;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace NsDropoutTorch.Training.Optimizers;

/// <summary>A step of SGD on Float32 in host memory, with the bits of its operators: g′ = g + decay·w, a ← momentum·a + share·g′, w ← w − rate·a; Nesterov's momentum takes g′ + momentum·a for the last a.</summary>
internal sealed class Descent(float rate, float momentum, float share, float decay, bool nesterov)
{
    /// <summary>Changes the parameter and its average, if it has one.</summary>
    public void Step(Tensor parameter, Tensor gradient, Tensor? average) => HostVectors.Divide(
        parameter, (descent: this, parameter, gradient, average), static (all, start, end) => all.descent.Step(all.parameter, all.gradient, all.average, start, end));

    private void Step(Tensor parameter, Tensor gradient, Tensor? average, int start, int end)
    {
        var weights = parameter.Elements<float>();
        var gradients = gradient.Elements<float>();
        var averages = average is null ? [] : average.Elements<float>();
        for (var i = start; i < end; i += HostVectors.Block)
        {
            var block = i..Math.Min(i + HostVectors.Block, end);
            Step(weights[block], gradients[block], average is null ? [] : averages[block]);
        }
    }

    private void Step(Span<float> weights, scoped ReadOnlySpan<float> direction, Span<float> averages)
    {
        Span<float> changed = stackalloc float[decay == 0 && !nesterov ? 0 : weights.Length];
        if (decay != 0)
        {
            Primitives.FusedMultiplyAdd(weights, decay, direction, changed);
            direction = changed;
        }

        if (!averages.IsEmpty)
        {
            HostVectors.Blend(averages, momentum, direction, share);
            if (nesterov)
                Primitives.FusedMultiplyAdd(averages, momentum, direction, changed);
            direction = nesterov ? changed : averages;
        }

        Primitives.FusedMultiplyAdd(direction, -rate, weights, weights);
    }
}
