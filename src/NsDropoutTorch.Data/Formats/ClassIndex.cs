using System.Globalization;

namespace NsDropoutTorch.Data.Formats;

/// <summary>Gathers the classes of rows by name and numbers them: as given, else by value where all are whole numbers, else by character code.</summary>
internal sealed class ClassIndex(IReadOnlyList<string>? given)
{
    /// <summary>The most classes that a label, which is a byte, can tell apart.</summary>
    public const int MaxClasses = 256;

    private readonly Dictionary<string, int> firstSeen = new(StringComparer.Ordinal);
    private readonly List<int> rows = [];

    /// <summary>The names in order of their numbers.</summary>
    public IReadOnlyList<string> Names => given ?? (firstSeen.Keys.All(name => CsvCell.IsWhole(name, out _))
        ? [.. firstSeen.Keys.OrderBy(name => double.Parse(name, CultureInfo.InvariantCulture))]
        : [.. firstSeen.Keys.Order(StringComparer.Ordinal)]);

    /// <summary>Takes the next row's class; <paramref name="place"/> is what an error calls it.</summary>
    public void Add(string name, Func<string> place)
    {
        if (given is not null && !given.Contains(name, StringComparer.Ordinal))
            throw new DataFormatException($"The class must be one of {string.Join(", ", given)}, but {place()} holds '{name}'.");
        if (!firstSeen.TryGetValue(name, out var index))
            firstSeen.Add(name, index = firstSeen.Count);
        rows.Add(index);
    }

    /// <summary>The number of each row's class.</summary>
    public byte[] ToLabels()
    {
        var names = Names.ToList();
        var numbers = firstSeen.OrderBy(seen => seen.Value).Select(seen => (byte)names.IndexOf(seen.Key)).ToArray();
        return [.. rows.Select(index => numbers[index])];
    }
}
