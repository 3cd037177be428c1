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

    /// <summary>A rate whose logit is finite.</summary>
    public static double OpenRate(double p, double below) => p > 0 && p < below
        ? p
        : throw new ArgumentOutOfRangeException(nameof(p), string.Create(CultureInfo.InvariantCulture, $"p must be in (0, {below}), but got {p}."));

    public static double Share(double value, [CallerArgumentExpression(nameof(value))] string name = "") => value is >= 0 and <= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} must be in [0, 1], but got {value}."));

    public static double Factor(double value, [CallerArgumentExpression(nameof(value))] string name = "") => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(
            name, string.Create(CultureInfo.InvariantCulture, $"{name} must be a finite number of at least 0, but got {value}."));

    public static long AtLeastOne(long value, [CallerArgumentExpression(nameof(value))] string name = "") => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, Invariant($"{name} must be at least 1, but got {value}."));

    public static long NotNegative(long value, [CallerArgumentExpression(nameof(value))] string name = "") => value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, Invariant($"{name} must be at least 0, but got {value}."));

    public static void Count(long k, long numFeatures)
    {
        if (k < 0 || k > numFeatures)
            throw new ArgumentOutOfRangeException(nameof(k), Invariant($"k must be in [0, {numFeatures}], but got {k}."));
    }

    public static double GapShare(double share) => share is >= 0 and < 1
        ? share
        : throw new ArgumentOutOfRangeException(nameof(share), string.Create(CultureInfo.InvariantCulture, $"GapShare must be in [0, 1), but got {share}."));

    public static T Defined<T>(T value)
        where T : struct, Enum => Enum.IsDefined(value)
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), $"{typeof(T).Name} must be one of {string.Join(", ", Enum.GetNames<T>())}, but got {value}.");

    public static void Floating(Tensor input)
    {
        if (!is_floating_point(input.dtype))
        {
            throw new ArgumentException(
                $"input must have a floating-point dtype, but got {input.dtype}: convert it with input.to(torch.float32).",
                nameof(input));
        }
    }

    public static void Device(Tensor input, Tensor state)
    {
        if (input.device_type != state.device_type || input.device_index != state.device_index)
        {
            throw new ArgumentException(
                $"input must be on the layer's device {state.device}, but got {input.device}: move the model with model.to(device).", nameof(input));
        }
    }

    public static ArgumentException WrongShape(string expected, Tensor input) =>
        new($"input must have shape {expected}, but got {Shape(input)}.", nameof(input));

    public static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
