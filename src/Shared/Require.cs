using System.Diagnostics.CodeAnalysis;

namespace NsDropoutTorch;

/// <summary>Checks of options: each returns the value, or throws a sentence with the rule and the value received.</summary>
internal static class Require
{
    /// <summary><paramref name="value"/>, which must be at least <paramref name="minimum"/>.</summary>
    public static long AtLeast(long minimum, long value, string name) =>
        value >= minimum ? value : throw Broken(Invariant($"{name} must be at least {minimum}, but got {value}."));

    /// <summary><paramref name="value"/>, which must be finite and not negative.</summary>
    public static double NotNegative(double value, string name) =>
        double.IsFinite(value) && value >= 0 ? value : throw Broken(Invariant($"{name} must be a finite number of at least 0, but got {value}."));

    /// <summary><paramref name="value"/>, which must be finite and above 0.</summary>
    public static double Positive(double value, string name) =>
        double.IsFinite(value) && value > 0 ? value : throw Broken(Invariant($"{name} must be a finite number above 0, but got {value}."));

    /// <summary><paramref name="value"/>, which must be a part of a whole that may be nothing.</summary>
    public static double Fraction(double value, string name) =>
        value is >= 0 and <= 1 ? value : throw Broken(Invariant($"{name} must be in [0, 1], but got {value}."));

    /// <summary><paramref name="value"/>, which must be a part of a whole that is not nothing.</summary>
    public static double Share(double value, string name) =>
        value is > 0 and <= 1 ? value : throw Broken(Invariant($"{name} must be in (0, 1], but got {value}."));

    /// <summary><paramref name="value"/>, which must be a rate of units dropped.</summary>
    public static double Rate(double value, string name) =>
        value is >= 0 and < 1 ? value : throw Broken(Invariant($"{name} must be in [0, 1), but got {value}."));

    /// <summary><paramref name="values"/>, of which there must be at least one, and none twice.</summary>
    public static IReadOnlyList<T> Distinct<T>(IReadOnlyList<T> values, string name)
    {
        if (values.Count == 0)
        {
            throw Broken($"{name} must hold at least one value, but got none.");
        }

        var twice = values.GroupBy(value => value).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? values : throw Broken(Invariant($"{name} must differ from each other, but got '{twice.Key}' twice."));
    }

    /// <summary>The exception of a broken rule.</summary>
    [SuppressMessage("Usage", "MA0015", Justification = "The sentence names the option; options are properties, not parameters.")]
    public static ArgumentException Broken(string sentence, Exception? cause = null) => new(sentence, cause);
}
