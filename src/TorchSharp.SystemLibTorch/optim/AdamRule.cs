using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What Adam and AdamW share: all but the weight decay. One serves a group for one step.</summary>
internal sealed class AdamRule(double learningRate, double beta1, double beta2, double epsilon, bool amsgrad)
{
    private readonly Scalar _rest1 = 1 - beta1;
    private readonly Scalar _rest2 = 1 - beta2;
    private Factors? _factors;

    public static void Require(double lr, double beta1, double beta2, double eps, double weight_decay)
    {
        OptimizerOptions.Require(lr >= 0, "learning rate", lr);
        OptimizerOptions.Require(eps >= 0, "ε", eps);
        OptimizerOptions.Require(beta1 is >= 0 and < 1, "beta1", beta1);
        OptimizerOptions.Require(beta2 is >= 0 and < 1, "beta2", beta2);
        OptimizerOptions.Require(weight_decay >= 0, "weight_decay value", weight_decay);
    }

    /// <summary>One step along the moments, freed of their bias towards zero: <c>θ ← θ − lr · m̂ / (√v̂ + ε)</c>.</summary>
    public void Update(Parameter parameter, Tensor gradient, long step, Tensor first, Tensor second, Tensor? maximum)
    {
        var factors = FactorsOf(step, parameter.dtype);
        first.mul_(factors.Beta1).add_(gradient, _rest1);
        second.mul_(factors.Beta2).addcmul_(gradient, gradient, _rest2);
        if (amsgrad) second = maximum!.copy_(maximum.maximum(second));

        var denominator = second.sqrt().div_(factors.Correction).add_(factors.Epsilon);
        parameter.addcdiv_(first, denominator, factors.Rate);
    }

    private Factors FactorsOf(long step, ScalarType dtype)
    {
        if (_factors is null || _factors.Step != step || _factors.DType != dtype)
        {
            _factors = new(
                step, dtype, Number(beta1), Number(beta2), Number(epsilon), Number(Math.Sqrt(1 - Math.Pow(beta2, step))),
                -(learningRate / (1 - Math.Pow(beta1, step))));
        }

        return _factors;

        // Half precision computes in float32.
        Tensor Number(double value) => tensor(value, dtype == ScalarType.Float64 ? dtype : ScalarType.Float32);
    }

    /// <summary>
    /// The numbers of a step, the same for all its parameters. As tensors, because libtorch makes a tensor of every number it is given,
    /// which costs as much as the arithmetic on a small parameter.
    /// </summary>
    private sealed record Factors(
        long Step, ScalarType DType, Tensor Beta1, Tensor Beta2, Tensor Epsilon, Tensor Correction, Scalar Rate);
}
