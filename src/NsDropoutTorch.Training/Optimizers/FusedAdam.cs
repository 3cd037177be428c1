using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Optimizers;

/// <summary>
/// <see cref="Adam"/> whose step is taken for all parameters at once. Arguments, groups, learning rates and state are those of <see cref="Adam"/>: <c>fused.load_state_dict(plain.state_dict())</c>
/// goes on from one with the other. Results differ by rounding, and in host memory averages of Float32 that fade below 2⁻¹²⁶ become 0. Where libtorch's fused step does not apply (complex, sparse or strided gradients), the step is that of <see cref="Adam"/>.
/// Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015; <c>fused=True</c> of PyTorch.
/// </summary>
public sealed class FusedAdam : Adam
{
    private readonly FusedStep fused;
    private readonly Func<Parameter, AdamState> advance;

    internal FusedAdam(IEnumerable<ParamGroup> groups, double lr, double beta1, double beta2, double eps, double weightDecay, bool amsgrad, bool maximize)
        : base(FusedStep.Listed(groups), lr, beta1, beta2, eps, weightDecay, amsgrad, maximize)
    {
        fused = new(Step, () => base.step());
        advance = parameter => Advance((State)_state[parameter.Handle]);
    }

    /// <inheritdoc/>
    public override Tensor? step(Func<Tensor>? closure = null) => fused.Take(closure, _parameter_groups);

    private void Step(FusedStep.Arguments arguments, TorchSharp.Modules.ParamGroup group)
    {
        var options = (Options)group.Options;
        new AdamStep(
            options.LearningRate!.Value, options.beta1!.Value, options.beta2!.Value, options.eps!.Value, options.weight_decay!.Value, IsDecoupled: false, options.amsgrad!.Value, options.maximize!.Value)
            .Take(arguments, advance);
    }

    private static AdamState Advance(State state) => new(++state.step, state.exp_avg, state.exp_avg_sq, state.max_exp_avg_sq);
}
