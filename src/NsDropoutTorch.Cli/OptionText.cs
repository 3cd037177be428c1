using System.Globalization;

namespace NsDropoutTorch.Cli;

/// <summary>Reads the values of options; pure functions that throw a sentence with the rule and the text received.</summary>
internal static class OptionText
{
    private const int MostSeeds = 10_000;

    /// <summary>A whole number of at least <paramref name="minimum"/>.</summary>
    public static int Whole(string option, string text, int minimum) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= minimum
            ? value
            : throw new UsageException($"{option} must be a whole number of at least {minimum}, but got '{text}'.");

    /// <summary>A number with a decimal point.</summary>
    public static double Number(string option, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new UsageException($"{option} must be a number, but got '{text}'.");

    /// <summary><c>yes</c> or <c>no</c>.</summary>
    public static bool YesOrNo(string option, string text) =>
        text is "yes" or "no" ? text == "yes" : throw new UsageException($"{option} must be yes or no, but got '{text}'.");

    /// <summary>A whole number of at least 1, or <c>full</c> for null.</summary>
    public static int? BatchSize(string option, string text) =>
        text == "full" ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 ? size
        : throw new UsageException($"{option} must be a whole number of at least 1 or 'full', but got '{text}'.");

    /// <summary>A whole number, or <c>same</c> for null.</summary>
    public static int? NoiseEpochs(string option, string text) =>
        text == "same" ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var epochs) ? epochs
        : throw new UsageException($"{option} must be a whole number of at least 0 or 'same', but got '{text}'.");

    /// <summary>Whole numbers of at least 1, separated by commas.</summary>
    public static IReadOnlyList<int> Widths(string option, string text) =>
        [.. Names(option, text).Select(item => Whole($"each width of {option}", item, 1))];

    /// <summary>Numbers of hidden layers, separated by commas, or <c>all</c> for 1 to <paramref name="count"/>.</summary>
    public static IReadOnlyList<int> HiddenLayers(string option, string text, int count) =>
        text == "all" ? [.. Enumerable.Range(1, count)] : [.. Names(option, text).Select(item => HiddenLayer(option, item))];

    /// <summary>Names separated by commas.</summary>
    public static IReadOnlyList<string> Names(string option, string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        return names.Contains("") ? throw new UsageException($"{option} must be a list separated by single commas, but got '{text}'.") : names;
    }

    /// <summary>Whole numbers and ranges such as <c>22..31</c> (both ends belong to it), separated by commas.</summary>
    public static IReadOnlyList<long> Seeds(string option, string text) => [.. Names(option, text).SelectMany(item => SeedRange(option, item))];

    private static int HiddenLayer(string option, string item) =>
        int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new UsageException($"{option} must be numbers of hidden layers, counted from 1 and separated by commas, or 'all', but got '{item}'.");

    private static IEnumerable<long> SeedRange(string option, string item)
    {
        var ends = item.Split("..");
        var (first, last) = (Seed(option, ends[0], item), Seed(option, ends[^1], item));
        return ends.Length <= 2 && first <= last && last - first < MostSeeds
            ? Enumerable.Range(0, (int)(last - first) + 1).Select(i => first + i)
            : throw BadSeeds(option, item);
    }

    private static long Seed(string option, string text, string item) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : throw BadSeeds(option, item);

    private static UsageException BadSeeds(string option, string item) =>
        new($"{option} must be whole numbers of at least 0 or ranges of at most {MostSeeds} such as 22..31, separated by commas, but got '{item}'.");
}
