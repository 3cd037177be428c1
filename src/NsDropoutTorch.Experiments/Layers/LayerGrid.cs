using System.Globalization;

namespace NsDropoutTorch.Experiments.Layers;

/// <summary>Layers whose options run over ranges: <c>dropout:p=0.1..0.7/0.1</c> is dropout with seven rates.</summary>
public static class LayerGrid
{
    private const int Most = 1000;

    /// <summary>Reads a layer in which values may be ranges, <c>FIRST..LAST/STEP</c>; several ranges give all combinations, the last of them running fastest.</summary>
    /// <param name="text">For instance <c>dropout:p=0.1..0.7/0.1</c>.</param>
    /// <exception cref="ArgumentException">A range is none, there are too many layers, or one of them is none.</exception>
    public static IReadOnlyList<LayerSpecification> Parse(string text)
    {
        IReadOnlyList<string> grid = [""];
        foreach (var part in text.Split(':', StringSplitOptions.TrimEntries))
        {
            var choices = Choices(part);
            if ((long)grid.Count * choices.Count > Most)
            {
                throw Require.Broken(Invariant($"a grid must have at most {Most} layers, but '{text}' has more."));
            }

            grid = [.. grid.SelectMany(_ => choices, (before, choice) => before.Length == 0 ? choice : $"{before}:{choice}")];
        }

        return [.. grid.Select(LayerSpecification.Parse)];
    }

    private static IReadOnlyList<string> Choices(string part)
    {
        if (part.Split('=', 2) is not [var name, var value] || !value.Contains("..", StringComparison.Ordinal))
        {
            return [part];
        }

        return [.. Range(part, value).Select(number => $"{name}={number.ToString(CultureInfo.InvariantCulture)}")];
    }

    // In decimals, so that three steps of 0.1 are 0.3.
    private static IEnumerable<decimal> Range(string part, string value)
    {
        if (value.Split("..") is not [var firstText, var rest] || rest.Split('/') is not [var lastText, var stepText]
            || !(TryRead(firstText, out var first) && TryRead(lastText, out var last) && TryRead(stepText, out var step)) || step <= 0 || last < first || (last - first) / step >= Most)
        {
            throw Require.Broken(Invariant($"a range of a grid must be FIRST..LAST/STEP with a step above 0 and at most {Most} values, such as p=0.1..0.7/0.1, but got '{part}'."));
        }

        for (var number = first; number <= last; number += step)
        {
            yield return number;
        }
    }

    private static bool TryRead(string text, out decimal number) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
