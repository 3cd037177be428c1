using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Optimizers;

/// <summary>
/// libtorch's fused steps of Adam, AdamW and SGD, which update all parameters in one call. TorchSharp has no methods for them; its compiler of TorchScript reaches every operator.
/// </summary>
/// <param name="fused">Takes the step of a group.</param>
/// <param name="plain">Takes the step of all groups, where a gradient cannot be taken so.</param>
internal sealed class FusedStep(Action<FusedStep.Arguments, ParamGroup> fused, Action plain)
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

        def sgd(p: List[Tensor], g: List[Tensor], buffers: List[Tensor],
                lr: float, momentum: float, dampening: float, weight_decay: float, nesterov: bool, is_first_step: bool):
            torch._fused_sgd_(p, g, buffers, weight_decay=weight_decay, momentum=momentum, lr=lr, dampening=dampening, nesterov=nesterov, maximize=False, is_first_step=is_first_step)
            return p[0]

        """;

    private static readonly Lazy<jit.CompilationUnit> Functions = new(() => jit.compile(Script));

    // What a step hands over, kept from one step to the next: a small network takes thousands of steps a second.
    private readonly List<Arguments> kept = [];

    /// <summary>Groups whose parameters are listed once; <c>model.parameters()</c> walks through the modules each time that it is read.</summary>
    public static IEnumerable<TGroup> Listed<TGroup>(IEnumerable<TGroup> groups)
        where TGroup : ParamGroup
    {
        foreach (var group in groups)
        {
            group.Parameters = [.. group.Parameters];
            yield return group;
        }
    }

    /// <summary>A whole step: the loss of the closure, then each group.</summary>
    /// <returns>The loss; null without a closure.</returns>
    public Tensor? Take(Func<Tensor>? closure, IList<ParamGroup> groups)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var enabled = enable_grad();
            loss = closure();
        }

        using var noGradients = no_grad();
        while (kept.Count < groups.Count)
            kept.Add(new());
        try
        {
            Take(groups);
        }
        finally
        {
            kept.ForEach(arguments => arguments.ReleaseGradients());
        }

        return loss;
    }

    private void Take(IList<ParamGroup> groups)
    {
        for (var i = 0; i < groups.Count; i++)
        {
            if (!kept[i].TakeGradients(groups[i]))
            {
                plain();
                return;
            }
        }

        for (var i = 0; i < groups.Count; i++)
            fused(kept[i], groups[i]);
    }

    /// <summary>Fills in what an operator is told of a gradient, a tensor for each of its lists; null where it leaves a list empty.</summary>
    internal delegate void Row(Gradient gradient, Tensor?[] row);

    /// <summary>What an operator is told of a group.</summary>
    internal sealed class Arguments
    {
        private Tensor[][] lists = [];
        private Tensor?[] row = [];
        private object[] all = [];

        /// <summary>Those that the parameters have.</summary>
        public List<Gradient> Gradients { get; } = [];

        /// <summary>
        /// Takes the gradients that there are; false where one cannot be taken: they must be real floating-point numbers, dense, laid out in memory as their parameters, and in host memory or on CUDA,
        /// for which libtorch has the operators.
        /// </summary>
        public bool TakeGradients(ParamGroup group)
        {
            foreach (var parameter in group.Parameters)
            {
                if (parameter.grad is not { } value)
                    continue;
                Gradients.Add(new(parameter, value));
                if (parameter.device_type is not (DeviceType.CPU or DeviceType.CUDA))
                    return false;
                if (!parameter.is_floating_point() || value.is_sparse || value.dtype != parameter.dtype || !parameter.is_contiguous() || !value.is_contiguous())
                    return false;
            }

            return true;
        }

        /// <summary>Frees their wrappers, so that the caller's dispose scope does not grow from step to step.</summary>
        public void ReleaseGradients()
        {
            foreach (var gradient in Gradients)
                gradient.Value.Dispose();
            Gradients.Clear();
        }

        /// <summary>Calls an operator for gradients, once where they are of one device and type.</summary>
        /// <param name="function">A function of the script.</param>
        /// <param name="gradients">Of <see cref="Gradients"/>.</param>
        /// <param name="width">Lists that the function takes.</param>
        /// <param name="fill">Fills in a row of them.</param>
        /// <param name="given">Numbers that it takes.</param>
        /// <param name="flags">Flags that it takes.</param>
        public void Invoke(string function, List<Gradient> gradients, int width, Row fill, ReadOnlySpan<double> given, params ReadOnlySpan<bool> flags)
        {
            using var scope = NewDisposeScope();
            if (all.Length == 0)
                (lists, row, all) = (new Tensor[width][], new Tensor?[width], new object[width + given.Length + flags.Length]);
            for (var i = 0; i < given.Length; i++)
                all[width + i] = Scalars.Of(given[i]);
            for (var i = 0; i < flags.Length; i++)
                all[width + given.Length + i] = flags[i];

            if (gradients.TrueForAll(gradient => gradient.Place == gradients[0].Place))
            {
                Invoke(function, gradients, fill);
                return;
            }

            foreach (var part in gradients.GroupBy(gradient => gradient.Place))
                Invoke(function, [.. part], fill);
        }

        private void Invoke(string function, List<Gradient> part, Row fill)
        {
            for (var i = 0; i < part.Count; i++)
            {
                fill(part[i], row);
                for (var list = 0; list < row.Length; list++)
                {
                    if (i == 0)
                        Array.Resize(ref lists[list], row[list] is null ? 0 : part.Count);
                    if (row[list] is { } tensor)
                        lists[list][i] = tensor;
                }
            }

            if (part.Count == 0) return;
            lists.CopyTo(all, 0);
            Functions.Value.invoke(function, all);
        }
    }
}

/// <summary>A parameter with its gradient.</summary>
internal readonly record struct Gradient(Parameter Parameter, Tensor Value)
{
    /// <summary>Where it lies, and of what type it is.</summary>
    public (DeviceType, int, ScalarType) Place => (Value.device_type, Value.device_index, Value.dtype);
}
