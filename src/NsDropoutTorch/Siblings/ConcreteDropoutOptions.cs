using System.Globalization;
using TorchSharp.Modules;

namespace NsDropoutTorch;

/// <summary>Choices of a <see cref="ConcreteDropout"/>. Immutable; each value is checked where it is set.</summary>
/// <remarks>
/// For N training samples, a mean loss and a prior length scale l, the paper's objective has λ_d = 1/N and λ_w = l²/(2N) with cross entropy,
/// twice these with a mean squared error of unit noise. The defaults are those of its published code.
/// </remarks>
public sealed record ConcreteDropoutOptions
{
    /// <summary>All defaults.</summary>
    public static ConcreteDropoutOptions Default { get; } = new();

    /// <summary>Temperature t of the relaxed mask, above 0: the smaller, the nearer to a mask of zeros and ones, and the noisier the gradient of p. Default: 0.1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature
    {
        get;
        init => field = double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), string.Create(CultureInfo.InvariantCulture, $"Temperature must be a finite number above 0, but got {value}."));
    } = 0.1;

    /// <summary>Factor λ_w on ΣW²/(1−p) of <see cref="Next"/>, at least 0. Default: 1e-6.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double WeightRegularizer { get; init => field = Check.Factor(value, nameof(WeightRegularizer)); } = 1e-6;

    /// <summary>Factor λ_d on the negative entropy −F·H(p), at least 0. Default: 1e-5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double DropoutRegularizer { get; init => field = Check.Factor(value, nameof(DropoutRegularizer)); } = 1e-5;

    /// <summary>
    /// The linear layer that takes this layer's outputs, for the weight term; it stays its model's own. Null leaves that term out: then the entropy alone
    /// draws p towards 1/2, the loss draws it down, and a penalty on the weights is the model's affair. Default: null.
    /// </summary>
    public Linear? Next { get; init; }
}
