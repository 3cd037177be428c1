using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What Adam and AdamW share: all but the weight decay.</summary>
internal readonly record struct AdamRule(double LearningRate, double Beta1, double Beta2, double Epsilon, bool Amsgrad)
{
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
        first.mul_(Beta1).add_(gradient, 1 - Beta1);
        second.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        if (Amsgrad) second = maximum!.copy_(maximum.maximum(second));

        var denominator = second.sqrt().div_(Math.Sqrt(1 - Math.Pow(Beta2, step))).add_(Epsilon);
        parameter.addcdiv_(first, denominator, -(LearningRate / (1 - Math.Pow(Beta1, step))));
    }
}
