using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Optimizers;

/// <summary>
/// libtorch's fused steps of Adam and AdamW, which update all parameters in one call. TorchSharp has no methods for them; its compiler of TorchScript reaches every operator.
/// </summary>
internal sealed class FusedStep : IDisposable
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

    /// <summary>A whole step: the loss of the closure, then each group by <paramref name="fused"/>, or all by <paramref name="plain"/> where a gradient cannot be taken so.</summary>
    /// <returns>The loss; null without a closure.</returns>
    public Tensor? Take(Func<Tensor>? closure, IList<ParamGroup> groups, Action<Arguments, ParamGroup> fused, Action plain)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var enabled = enable_grad();
            loss = closure();
        }

        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        while (kept.Count < groups.Count)
            kept.Add(new());
        for (var i = 0; i < groups.Count; i++)
        {
            if (!kept[i].TakeGradients(groups[i]))
            {
                plain();
                return loss;
            }
        }

        for (var i = 0; i < groups.Count; i++)
            fused(kept[i], groups[i]);
        return loss;
    }

    public void Dispose() => kept.ForEach(arguments => arguments.Dispose());

    /// <summary>What the operator is told of a group.</summary>
    internal sealed class Arguments : IDisposable
    {
        private readonly List<Gradient> gradients = [];
        private Tensor[][] lists = [[], [], [], [], [], []];
        private (double Number, Scalar Scalar)[] numbers = [];
        private object[] all = [];

        /// <summary>
        /// Takes the gradients that there are; false where one cannot be taken: they must be real floating-point numbers, dense, laid out in memory as their parameters, and in host memory or on CUDA,
        /// for which libtorch has the operators.
        /// </summary>
        public bool TakeGradients(ParamGroup group)
        {
            gradients.Clear();
            foreach (var parameter in group.Parameters)
            {
                if (parameter.grad is not { } value)
                    continue;
                if (parameter.device_type is not (DeviceType.CPU or DeviceType.CUDA))
                    return false;
                if (!parameter.is_floating_point() || value.is_sparse || value.dtype != parameter.dtype || !parameter.is_contiguous() || !value.is_contiguous())
                    return false;
                gradients.Add(new(parameter, value));
            }

            return true;
        }

        /// <summary>A step by <c>adam</c> or <c>adamw</c>.</summary>
        public void Adam(string function, Func<Parameter, AdamState> stateOf, ReadOnlySpan<double> numbers, bool amsgrad, bool maximize)
        {
            Keep(numbers, amsgrad, maximize);
            if (gradients.TrueForAll(gradient => gradient.Place == gradients[0].Place))
            {
                Adam(function, gradients, stateOf, amsgrad, maximize);
                return;
            }

            foreach (var part in gradients.GroupBy(gradient => gradient.Place))
                Adam(function, [.. part], stateOf, amsgrad, maximize);
        }

        public void Dispose()
        {
            foreach (var (_, scalar) in numbers)
                scalar.Dispose();
            numbers = [];
        }

        private void Adam(string function, List<Gradient> part, Func<Parameter, AdamState> stateOf, bool amsgrad, bool maximize)
        {
            if (part.Count == 0) return;
            for (var i = 0; i < lists.Length; i++)
                Array.Resize(ref lists[i], i == 4 && !amsgrad ? 0 : part.Count);
            var (counted, count) = (0L, (Tensor?)null);
            for (var i = 0; i < part.Count; i++)
            {
                var state = stateOf(part[i].Parameter);
                if (count is null || state.Step != counted)
                    (counted, count) = (state.Step, Count(state.Step, part[i].Parameter));
                (lists[0][i], lists[1][i], lists[2][i], lists[3][i], lists[5][i]) = (part[i].Parameter, part[i].Value, state.Mean, state.Square, count);
                if (amsgrad)
                    lists[4][i] = state.LargestSquare!;
            }

            lists.CopyTo(all, 0);
            Functions.Value.invoke(function, all);
        }

        private static Tensor Count(long step, Parameter parameter)
        {
            if (parameter.device_type != DeviceType.CPU) return tensor((float)step, device: parameter.device);
            var count = empty([], ScalarType.Float32, CPU);
            count.Elements<float>()[0] = step;
            return count;
        }

        // TorchSharp would make scalars of the numbers at each step, and leave them to the garbage collector.
        private void Keep(ReadOnlySpan<double> given, params ReadOnlySpan<bool> flags)
        {
            if (numbers.Length == 0)
                (numbers, all) = (new (double, Scalar)[given.Length], new object[lists.Length + given.Length + flags.Length]);
            for (var i = 0; i < given.Length; i++)
            {
                if (numbers[i].Scalar is { } scalar)
                {
                    if (numbers[i].Number.Equals(given[i])) continue;
                    scalar.Dispose();
                }

                numbers[i] = (given[i], given[i].ToScalar());
                all[lists.Length + i] = numbers[i].Scalar;
            }

            for (var i = 0; i < flags.Length; i++)
                all[lists.Length + given.Length + i] = flags[i];
        }
    }
}

/// <summary>A parameter with its gradient.</summary>
internal readonly record struct Gradient(Parameter Parameter, Tensor Value)
{
    /// <summary>Where it lies, and of what type it is.</summary>
    public (DeviceType, int, ScalarType) Place => (Value.device_type, Value.device_index, Value.dtype);
}

/// <summary>What Adam keeps of a parameter.</summary>
/// <param name="Step">Steps, with this one.</param>
/// <param name="Mean">The average of its gradients.</param>
/// <param name="Square">That of their squares.</param>
/// <param name="LargestSquare">The largest of these averages; null but with AMSGrad.</param>
internal readonly record struct AdamState(long Step, Tensor Mean, Tensor Square, Tensor? LargestSquare);
