using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Optim;

/// <summary>Eight steps of each optimizer against its formula in plain numbers.</summary>
public sealed class OptimizerFormulaTests
{
    private const double Rate = 0.1;
    private const double Eps = 1e-8;

    [Fact]
    public void Sgd_StepsAgainstTheGradient() =>
        Descent.Follow(w => optim.SGD([w], Rate), (w, g, _, _) => w - (Rate * g));

    [Fact]
    public void Sgd_WithDecay_AddsItToTheGradient() =>
        Descent.Follow(w => optim.SGD([w], Rate, weight_decay: 0.5), (w, g, _, _) => w - (Rate * (g + (0.5 * w))));

    [Fact]
    public void Sgd_WithMomentum_RemembersItsVelocity() => Descent.Follow(
        w => optim.SGD([w], Rate, momentum: 0.9),
        (w, g, step, m) => w - (Rate * (m[0] = step == 1 ? g : (0.9 * m[0]) + g)));

    [Fact]
    public void Sgd_WithDampening_DampensAllButTheFirst() => Descent.Follow(
        w => optim.SGD([w], Rate, momentum: 0.9, dampening: 0.3),
        (w, g, step, m) => w - (Rate * (m[0] = step == 1 ? g : (0.9 * m[0]) + (0.7 * g))));

    [Fact]
    public void Sgd_WithNesterov_LooksAhead() => Descent.Follow(
        w => optim.SGD([w], Rate, momentum: 0.9, nesterov: true),
        (w, g, step, m) =>
        {
            m[0] = step == 1 ? g : (0.9 * m[0]) + g;
            return w - (Rate * (g + (0.9 * m[0])));
        });

    [Fact]
    public void Sgd_Maximizing_StepsAlongTheGradient() =>
        Descent.Follow(w => optim.SGD([w], Rate, maximize: true), (w, g, _, _) => w + (Rate * g));

    [Fact]
    public void Adam_CorrectsItsMomentsForTheirStart() =>
        Descent.Follow(w => optim.Adam([w], Rate), (w, g, step, m) => w - (Rate * Moments(g, step, m)));

    [Fact]
    public void Adam_WithDecay_AddsItToTheGradient() => Descent.Follow(
        w => optim.Adam([w], Rate, weight_decay: 0.5), (w, g, step, m) => w - (Rate * Moments(g + (0.5 * w), step, m)));

    [Fact]
    public void Adam_WithAmsgrad_KeepsTheGreatestSecondMoment() => Descent.Follow(
        w => optim.Adam([w], Rate, beta1: 0.8, beta2: 0.5, amsgrad: true),
        (w, g, step, m) =>
        {
            m[0] = (0.8 * m[0]) + (0.2 * g);
            m[1] = (0.5 * m[1]) + (0.5 * g * g);
            m[2] = Math.Max(m[2], m[1]);
            var denominator = (Math.Sqrt(m[2]) / Math.Sqrt(1 - Math.Pow(0.5, step))) + Eps;
            return w - (Rate / (1 - Math.Pow(0.8, step)) * m[0] / denominator);
        });

    [Fact]
    public void AdamW_DecaysTheWeightsThemselves() => Descent.Follow(
        w => optim.AdamW([w], Rate, weight_decay: 0.5), (w, g, step, m) => (w * (1 - (Rate * 0.5))) - (Rate * Moments(g, step, m)));

    [Fact]
    public void AdamW_WithoutDecay_IsAdam() =>
        Descent.Follow(w => optim.AdamW([w], Rate), (w, g, step, m) => w - (Rate * Moments(g, step, m)));

    [Fact]
    public void Adagrad_DividesByTheRootOfTheSum() => Descent.Follow(
        w => optim.Adagrad([w], Rate),
        (w, g, _, m) =>
        {
            m[0] += g * g;
            return w - (Rate * g / (Math.Sqrt(m[0]) + 1e-10));
        });

    [Fact]
    public void RmsProp_DividesByTheRootOfTheRunningMean() => Descent.Follow(
        w => optim.RMSProp([w], Rate),
        (w, g, _, m) =>
        {
            m[0] = (0.99 * m[0]) + (0.01 * g * g);
            return w - (Rate * g / (Math.Sqrt(m[0]) + Eps));
        });

    private static double Moments(double g, int step, double[] m)
    {
        m[0] = (0.9 * m[0]) + (0.1 * g);
        m[1] = (0.999 * m[1]) + (0.001 * g * g);
        var denominator = (Math.Sqrt(m[1]) / Math.Sqrt(1 - Math.Pow(0.999, step))) + Eps;
        return m[0] / (1 - Math.Pow(0.9, step)) / denominator;
    }
}
