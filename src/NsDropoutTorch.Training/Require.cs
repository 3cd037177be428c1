using System.Diagnostics.CodeAnalysis;

namespace NsDropoutTorch.Training;

/// <summary>Checks of options: each returns the value, or throws a sentence with the rule and the value received.</summary>
internal static class Require
{
    /// <summary><paramref name="value"/>, which must be at least <paramref name="minimum"/>.</summary>
    public static long AtLeast(long minimum, long value, string name) =>
        value >= minimum ? value : throw Broken($"{name} must be at least {minimum}, but got {value}.");

    /// <summary><paramref name="value"/>, which must be finite and not negative.</summary>
    public static double NotNegative(double value, string name) =>
        double.IsFinite(value) && value >= 0 ? value : throw Broken($"{name} must be a finite number of at least 0, but got {value}.");

    /// <summary>The exception of a broken rule.</summary>
    [SuppressMessage("Usage", "MA0015", Justification = "The sentence names the option; options are properties, not parameters.")]
    public static ArgumentException Broken(string sentence) => new(sentence);
}
