using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Optimizers;

/// <summary>
/// libtorch's fused steps of Adam and AdamW, which update all parameters in one call. TorchSharp has no methods for them; its compiler of TorchScript reaches every operator.
/// </summary>
internal static class FusedStep
{
    private const string Script =
        """
        def adam(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], top: List[Tensor], steps: List[Tensor],
                 lr: float, beta1: float, beta2: float, weight_decay: float, eps: float, amsgrad: bool, maximize: bool):
            torch._fused_adam_(p, g, m, v, top, steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay, eps=eps, amsgrad=amsgrad, maximize=maximize)
            return steps[0]

        def adamw(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], top: List[Tensor], steps: List[Tensor],
                  lr: float, beta1: float, beta2: float, weight_decay: float, eps: float, amsgrad: bool, maximize: bool):
            torch._fused_adamw_(p, g, m, v, top, steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay, eps=eps, amsgrad=amsgrad, maximize=maximize)
            return steps[0]

        """;

    private static readonly Lazy<jit.CompilationUnit> Functions = new(() => jit.compile(Script));

    /// <summary>A whole step: the loss of the closure, then each group by <paramref name="fused"/>, or all by <paramref name="plain"/> where a gradient cannot be taken so.</summary>
    /// <returns>The loss; null without a closure.</returns>
    public static Tensor? Take(Func<Tensor>? closure, IList<ParamGroup> groups, Action<List<Gradient>, ParamGroup> fused, Action plain)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var enabled = enable_grad();
            loss = closure();
        }

        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        if (GradientsOf(groups) is not { } gradients)
        {
            plain();
            return loss;
        }

        for (var i = 0; i < gradients.Length; i++)
            fused(gradients[i], groups[i]);
        return loss;
    }

    /// <summary>One step of a group by <c>adam</c> or <c>adamw</c>.</summary>
    public static void Adam(string function, List<Gradient> gradients, Func<Parameter, AdamState> stateOf, ReadOnlySpan<double> numbers, bool amsgrad, bool maximize)
    {
        foreach (var part in OneDeviceEach(gradients))
        {
            var (parameters, values, means, squares, steps) = (new Tensor[part.Count], new Tensor[part.Count], new Tensor[part.Count], new Tensor[part.Count], new Tensor[part.Count]);
            var largest = amsgrad ? new Tensor[part.Count] : [];
            var (counted, count) = (0L, (Tensor?)null);
            for (var i = 0; i < part.Count; i++)
            {
                var state = stateOf(part[i].Parameter);
                if (count is null || state.Step != counted)
                    (counted, count) = (state.Step, tensor((float)state.Step, device: part[i].Parameter.device));
                (parameters[i], values[i], means[i], squares[i], steps[i]) = (part[i].Parameter, part[i].Value, state.Mean, state.Square, count);
                if (amsgrad)
                    largest[i] = state.LargestSquare!;
            }

            Run(function, [parameters, values, means, squares, largest, steps], numbers, amsgrad, maximize);
        }
    }

    /// <summary>
    /// The parameters of each group that have gradients; null where one cannot be taken so: gradients must be real floating-point numbers, dense, laid out in memory as their parameters, and in host memory or on CUDA.
    /// </summary>
    private static List<Gradient>[]? GradientsOf(IList<ParamGroup> groups)
    {
        var gradients = new List<Gradient>[groups.Count];
        for (var i = 0; i < gradients.Length; i++)
        {
            gradients[i] = [];
            foreach (var parameter in groups[i].Parameters)
            {
                if (parameter.grad is not { } value)
                    continue;
                // libtorch has the operators for these devices.
                if (parameter.device_type is not (DeviceType.CPU or DeviceType.CUDA))
                    return null;
                if (!parameter.is_floating_point() || value.is_sparse || value.dtype != parameter.dtype || !parameter.is_contiguous() || !value.is_contiguous())
                    return null;
                gradients[i].Add(new(parameter, value));
            }
        }

        return gradients;
    }

    private static IEnumerable<List<Gradient>> OneDeviceEach(List<Gradient> gradients)
    {
        if (gradients.Count == 0)
            return [];
        var first = Place(gradients[0]);
        return gradients.TrueForAll(gradient => Place(gradient) == first) ? [gradients] : gradients.GroupBy(Place).Select(part => part.ToList());

        static (DeviceType, int, ScalarType) Place(Gradient gradient) => (gradient.Value.device_type, gradient.Value.device_index, gradient.Value.dtype);
    }

    private static void Run(string function, Tensor[][] tensors, ReadOnlySpan<double> numbers, bool amsgrad, bool maximize)
    {
        // TorchSharp would make them of the numbers and leave them to the garbage collector.
        var scalars = new Scalar[numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
            scalars[i] = numbers[i].ToScalar();
        Functions.Value.invoke(function, [.. tensors, .. scalars, amsgrad, maximize]);
        Array.ForEach(scalars, scalar => scalar.Dispose());
    }
}

/// <summary>A parameter with its gradient.</summary>
internal readonly record struct Gradient(Parameter Parameter, Tensor Value);

/// <summary>What Adam keeps of a parameter.</summary>
/// <param name="Step">Steps, with this one.</param>
/// <param name="Mean">The average of its gradients.</param>
/// <param name="Square">That of their squares.</param>
/// <param name="LargestSquare">The largest of these averages; null but with AMSGrad.</param>
internal readonly record struct AdamState(long Step, Tensor Mean, Tensor Square, Tensor? LargestSquare);
