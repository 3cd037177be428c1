using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>Argument checks; each message is the rule, then what was received.</summary>
internal static class Check
{
    public static void Rate(double p)
    {
        if (p is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(p), string.Create(CultureInfo.InvariantCulture, $"p must be in [0, 1), but got {p}."));
    }

    public static void AtLeastOne(long value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < 1)
            throw new ArgumentOutOfRangeException(name, $"{name} must be at least 1, but got {value}.");
    }

    public static EvalMode Defined(EvalMode mode) => Enum.IsDefined(mode)
        ? mode
        : throw new ArgumentOutOfRangeException(nameof(mode), $"EvalMode must be one of {string.Join(", ", Enum.GetNames<EvalMode>())}, but got {mode}.");

    public static void Floating(Tensor input)
    {
        if (!is_floating_point(input.dtype))
        {
            throw new ArgumentException(
                $"input must have a floating-point dtype, but got {input.dtype}: convert it with input.to(torch.float32).",
                nameof(input));
        }
    }

    public static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
