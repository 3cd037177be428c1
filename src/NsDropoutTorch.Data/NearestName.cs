namespace NsDropoutTorch.Data;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
public static class NearestName
{
    /// <summary>
    /// The one of <paramref name="names"/> with the fewest letters to insert, delete or replace, in any case, the first of equals;
    /// names that hold all that was typed go before. Throws <see cref="ArgumentException"/> where there are no names.
    /// </summary>
    public static string Of(string typed, IEnumerable<string> names) =>
        names.MinBy(name => (!name.Contains(typed, StringComparison.OrdinalIgnoreCase), Distance(typed.ToUpperInvariant(), name.ToUpperInvariant())))
        ?? throw new ArgumentException("names must not be empty.", nameof(names));

    /// <summary>The entry called <paramref name="name"/>.</summary>
    /// <param name="what">What the entries are, for the sentence: <c>layer</c>.</param>
    /// <param name="entries">The entries, at least one.</param>
    /// <param name="nameOf">The name of an entry.</param>
    /// <param name="name">The name wanted, as it is written.</param>
    /// <exception cref="ArgumentException">There is none; the message lists the names and suggests the nearest.</exception>
    public static T Find<T>(string what, IReadOnlyList<T> entries, Func<T, string> nameOf, string name) =>
        entries.FirstOrDefault(entry => nameOf(entry) == name)
        ?? throw Require.Broken(
            $"{what} must be one of {string.Join(", ", entries.Select(nameOf))}, but got '{name}'; the nearest is '{Of(name, entries.Select(nameOf))}'.");

    /// <summary>Levenshtein's distance, by one row of his table at a time.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
