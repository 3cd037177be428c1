using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Workers;
using NsDropoutTorch.Data.Formats;
using NsDropoutTorch.Experiments.Layers;

namespace NsDropoutTorch.Cli.Commands;

/// <summary>Options that are read into their value as the command line is parsed, and how: from the option's name, for the sentence of a refusal, and the text.</summary>
internal static class OptionReader
{
    private const int MostSeeds = 10_000;

    /// <summary>An option whose text <paramref name="read"/> turns into its value; what it throws becomes the error of the command line.</summary>
    public static ReadOption<T> Of<T>(string name, string helpName, string description, Func<string, string, T> read) => new(name)
    {
        HelpName = helpName,
        Description = description,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            try
            {
                return new(read(name, result.Tokens[^1].Value));
            }
            catch (Exception e) when (e is UsageException or ArgumentException)
            {
                result.AddError(e.Message);
                return null;
            }
        },
    };

    /// <summary>Whether an error of the command line is the sentence of a reader.</summary>
    public static bool IsOwn(ParseError error) => error.SymbolResult is OptionResult { Option: IReadOption, Tokens.Count: > 0 };

    public static Func<string, string, int> AtLeast(int minimum) => (option, text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= minimum
            ? value
            : throw new UsageException(Invariant($"{option} must be a whole number of at least {minimum}, but got '{text}'."));

    /// <summary>A number, or null for the word.</summary>
    public static Func<string, string, int?> AtLeastOr(int minimum, string word) => (option, text) =>
        text == word ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= minimum ? value
        : throw new UsageException(Invariant($"{option} must be a whole number of at least {minimum} or '{word}', but got '{text}'."));

    public static double Number(string option, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new UsageException($"{option} must be a number, but got '{text}'.");

    public static bool YesOrNo(string option, string text) =>
        text is "yes" or "no" ? text == "yes" : throw new UsageException($"{option} must be yes or no, but got '{text}'.");

    public static CsvHeader Header(string option, string text) => text switch
    {
        "yes" => CsvHeader.Yes,
        "no" => CsvHeader.No,
        "auto" => CsvHeader.Auto,
        _ => throw new UsageException($"{option} must be yes, no or auto, but got '{text}'."),
    };

    public static IReadOnlyList<LayerSpecification> Layers(string option, string text) => [.. Names(option, text).Select(LayerSpecification.Parse)];

    public static IReadOnlyList<LayerSpecification> Grid(string option, string text) => [.. Names(option, text).SelectMany(LayerGrid.Parse)];

    public static IReadOnlyList<int> Widths(string option, string text) => [.. Names(option, text).Select(item => AtLeast(1)($"each width of {option}", item))];

    /// <summary>Numbers from 1, or null for <c>all</c>.</summary>
    public static IReadOnlyList<int>? HiddenLayers(string option, string text) => text == "all" ? null : [.. Names(option, text).Select(item =>
        int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new UsageException($"{option} must be numbers of hidden layers, counted from 1 and separated by commas, or 'all', but got '{item}'."))];

    public static IReadOnlyList<long> Seeds(string option, string text) => [.. Names(option, text).SelectMany(item => SeedRange(option, item))];

    private static string[] Names(string option, string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        return names.Contains("") ? throw new UsageException($"{option} must be a list separated by single commas, but got '{text}'.") : names;
    }

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

/// <summary>An option whose value an <see cref="OptionReader"/> reads.</summary>
internal sealed class ReadOption<T>(string name) : Option<Given<T>>(name), IReadOption
{
    /// <summary>The value on the command line, or another where there is none.</summary>
    public T Or(ParseResult parsed, T otherwise) => parsed.GetValue(this) is { } given ? given.Value : otherwise;
}

/// <summary>A value that was given, null among them.</summary>
internal sealed record Given<T>(T Value);

internal interface IReadOption;
