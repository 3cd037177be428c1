using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Optimizers;

/// <summary>
/// A step of Adam or AdamW. Float32 in host memory is changed in place, with the bits of libtorch's fused operator but for denormal averages, which become 0: for a small network that operator wakes threads for each parameter, which takes longer than its
/// arithmetic. All else is the operator's.
/// </summary>
/// <param name="Rate">Learning rate.</param>
/// <param name="Beta1">What is left of the average of gradients.</param>
/// <param name="Beta2">What is left of the average of their squares.</param>
/// <param name="Eps">Added to the root of that average.</param>
/// <param name="Decay">Weight decay.</param>
/// <param name="IsDecoupled">Whether weights decay by themselves (AdamW), and not by their gradients.</param>
/// <param name="AmsGrad">Whether the largest average of squares counts.</param>
/// <param name="Maximize">Whether the loss is to rise.</param>
internal readonly record struct AdamStep(double Rate, double Beta1, double Beta2, double Eps, double Decay, bool IsDecoupled, bool AmsGrad, bool Maximize)
{
    private (float Share, float SquareShare, float SquareKept, float Eps, float Decay, float Kept) Factors =>
        ((float)(1 - Beta1), (float)(1 - Beta2), (float)Beta2, (float)Eps, (float)Decay, (float)(1 - (Rate * Decay)));

    /// <summary>Takes it for a group.</summary>
    /// <param name="arguments">Its gradients.</param>
    /// <param name="stateOf">Counts a step of a parameter and gives its state.</param>
    public void Take(FusedStep.Arguments arguments, Func<Parameter, AdamState> stateOf)
    {
        // With a lower Beta1 the operator takes the average the other way round.
        if (AmsGrad || Beta1 <= 0.5 || !arguments.Gradients.TrueForAll(gradient => HostVectors.Reaches(gradient.Parameter) && HostVectors.Reaches(gradient.Value)))
        {
            TakeByOperator(arguments, stateOf);
            return;
        }

        foreach (var gradient in arguments.Gradients)
            Change(gradient.Parameter, gradient.Value, stateOf(gradient.Parameter));
    }

    /// <summary>Likewise, by libtorch.</summary>
    public void TakeByOperator(FusedStep.Arguments arguments, Func<Parameter, AdamState> stateOf)
    {
        var (counted, count) = (0L, (Tensor?)null);
        arguments.Invoke(IsDecoupled ? "adamw" : "adam", arguments.Gradients, width: 6, Fill, [Rate, Beta1, Beta2, Decay, Eps], AmsGrad, Maximize);

        void Fill(Gradient gradient, Tensor?[] row)
        {
            var state = stateOf(gradient.Parameter);
            if (count is null || state.Step != counted)
                (counted, count) = (state.Step, tensor((float)state.Step, device: gradient.Parameter.device));
            (row[0], row[1], row[2], row[3], row[4], row[5]) = (gradient.Parameter, gradient.Value, state.Mean, state.Square, state.LargestSquare, count);
        }
    }

    private void Change(Parameter parameter, Tensor gradient, AdamState state)
    {
        // Numbers of another size would be read for what they are not.
        if (!HostVectors.Reaches(state.Mean) || !HostVectors.Reaches(state.Square))
            throw new InvalidOperationException($"the optimizer's averages of a Float32 parameter must be Float32 in host memory, but got {state.Mean.dtype} on {state.Mean.device}; load a state of the same type, or make a new optimizer.");

        var size = (float)-(Rate / (1 - Math.Pow(Beta1, state.Step)));
        var root = (float)Math.Sqrt(1 - Math.Pow(Beta2, state.Step));
        HostVectors.Divide(parameter, (step: this, parameter, gradient, state, size, root), static (all, start, end) => all.step.Change(
            all.parameter.Elements<float>()[start..end], all.gradient.Elements<float>()[start..end], all.state.Mean.Elements<float>()[start..end], all.state.Square.Elements<float>()[start..end], all.size, all.root));
    }

    private void Change(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares, float size, float root)
    {
        var whole = weights.Length - (weights.Length % Vector256<float>.Count);
        ChangeVectors(weights[..whole], gradients, means, squares, size, root);
        ChangeRest(weights[whole..], gradients[whole..], means[whole..], squares[whole..], size, root);
    }

    // Each sum of a product is rounded once, and where there are two products in a sum, that of the operator's vectors is the squares', and that of its last few elements the average's.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ChangeVectors(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares, float size, float root)
    {
        var (share, squareShare, squareKept, eps, decay, kept) = Factors;
        ref var weight = ref MemoryMarshal.GetReference(weights);
        ref var gradient = ref MemoryMarshal.GetReference(gradients);
        ref var mean = ref MemoryMarshal.GetReference(means);
        ref var square = ref MemoryMarshal.GetReference(squares);
        for (nuint i = 0; i < (nuint)weights.Length; i += (nuint)Vector256<float>.Count)
        {
            var g = Vector256.LoadUnsafe(ref gradient, i);
            var m = Vector256.LoadUnsafe(ref mean, i);
            var v = Vector256.LoadUnsafe(ref square, i) * squareKept;
            if (Decay != 0 && IsDecoupled) (Vector256.LoadUnsafe(ref weight, i) * kept).StoreUnsafe(ref weight, i);
            if (Maximize) g = -g;
            if (Decay != 0 && !IsDecoupled) g = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref weight, i), Vector256.Create(decay), g);
            // Then only the average of squares changes.
            if (eps > 0 && Vector256.EqualsAll(g | m, Vector256<float>.Zero))
            {
                HostVectors.WithoutDenormals(v).StoreUnsafe(ref square, i);
                continue;
            }

            m = HostVectors.WithoutDenormals(Vector256.FusedMultiplyAdd(Vector256.Create(share), g - m, m));
            v = Vector256.FusedMultiplyAdd(g * squareShare, g, v);
            m.StoreUnsafe(ref mean, i);
            v.StoreUnsafe(ref square, i);
            (Vector256.LoadUnsafe(ref weight, i) + (m * size / ((Vector256.Sqrt(v) / root) + Vector256.Create(eps)))).StoreUnsafe(ref weight, i);
        }
    }

    private void ChangeRest(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares, float size, float root)
    {
        var (share, squareShare, squareKept, eps, decay, kept) = Factors;
        for (var i = 0; i < weights.Length; i++)
        {
            var (w, g) = (weights[i], Maximize ? -gradients[i] : gradients[i]);
            if (Decay != 0 && !IsDecoupled) g = MathF.FusedMultiplyAdd(w, decay, g);
            if (Decay != 0 && IsDecoupled) w *= kept;
            means[i] = HostVectors.WithoutDenormals(MathF.FusedMultiplyAdd(share, g - means[i], means[i]));
            squares[i] = MathF.FusedMultiplyAdd(squares[i], squareKept, squareShare * g * g);
            weights[i] = w + (means[i] * size / ((MathF.Sqrt(squares[i]) / root) + eps));
        }
    }
}

/// <summary>What Adam keeps of a parameter.</summary>
/// <param name="Step">Steps, with this one.</param>
/// <param name="Mean">The average of its gradients.</param>
/// <param name="Square">That of their squares.</param>
/// <param name="LargestSquare">The largest of these averages; null but with AMSGrad.</param>
internal readonly record struct AdamState(long Step, Tensor Mean, Tensor Square, Tensor? LargestSquare);
