using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Optimizers;

/// <summary>
/// <see cref="SGD"/> whose step is taken for all parameters at once. Arguments, groups, learning rates and state are those of <see cref="SGD"/>: <c>fused.load_state_dict(plain.state_dict())</c>
/// goes on from one with the other. In host memory a step of Float32 gives parameters the bits of <see cref="SGD"/>, and averages that fade below 2⁻¹²⁶ become 0; elsewhere results differ by rounding. Where libtorch's fused step does not apply (complex, sparse or strided gradients), the step is that of <see cref="SGD"/>.
/// With <c>maximize</c> weight decay shrinks parameters, as in PyTorch; with TorchSharp's <see cref="SGD"/> they grow by it.
/// Source: Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013; <c>fused=True</c> of PyTorch.
/// </summary>
public sealed class FusedSGD : SGD
{
    private readonly FusedStep fused;

    internal FusedSGD(IEnumerable<ParamGroup> groups, double lr, double momentum, double dampening, double weightDecay, bool nesterov, bool maximize)
        : base(FusedStep.Listed(groups), lr, momentum, dampening, weightDecay, nesterov, maximize)
    {
        fused = new(Step, () => base.step());
    }

    /// <inheritdoc/>
    public override Tensor? step(Func<Tensor>? closure = null) => fused.Take(closure, _parameter_groups);

    private void Step(FusedStep.Arguments arguments, TorchSharp.Modules.ParamGroup group)
    {
        var options = (Options)group.Options;
        // A first step takes the gradient itself for the average.
        var first = options.momentum == 0 ? [] : arguments.Gradients.FindAll(gradient => StateOf(gradient).momentum_buffer is null);
        if (first.Count > 0)
        {
            first.ForEach(gradient => StateOf(gradient).momentum_buffer = zeros_like(gradient.Value).DetachFromDisposeScope());
            Step(arguments, first, options, isFirst: true);
        }

        Step(arguments, first.Count == 0 ? arguments.Gradients : [.. arguments.Gradients.Except(first)], options, isFirst: false);
    }

    private void Step(FusedStep.Arguments arguments, List<Gradient> gradients, Options options, bool isFirst)
    {
        // The operator would maximize by turning gradients round, and leave averages of the other sign than SGD's.
        var sign = options.maximize!.Value ? -1 : 1;
        var (rate, momentum, dampening, decay) = (sign * options.LearningRate!.Value, options.momentum!.Value, options.dampening!.Value, sign * options.weight_decay!.Value);
        if (gradients.TrueForAll(gradient => HostVectors.Reaches(gradient.Parameter) && HostVectors.Reaches(gradient.Value) && (AverageOf(gradient, momentum) is not { } average || HostVectors.Reaches(average))))
        {
            var descent = new Descent((float)rate, (float)momentum, isFirst ? 1 : (float)(1 - dampening), (float)decay, options.nesterov!.Value);
            foreach (var gradient in gradients)
                descent.Step(gradient.Parameter, gradient.Value, AverageOf(gradient, momentum));
            return;
        }

        arguments.Invoke(
            "sgd",
            gradients,
            width: 3,
            (gradient, row) => (row[0], row[1], row[2]) = (gradient.Parameter, gradient.Value, AverageOf(gradient, momentum)),
            [rate, momentum, dampening, decay],
            options.nesterov!.Value,
            isFirst);
    }

    private Tensor? AverageOf(Gradient gradient, double momentum) => momentum == 0 ? null : StateOf(gradient).momentum_buffer;

    private State StateOf(Gradient gradient) => (State)_state[gradient.Parameter.Handle];
}
