using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments;

/// <summary>Looks things up by name and answers a name it does not know with the nearest one.</summary>
internal static class Catalog
{
    public static T Find<T>(string what, IReadOnlyList<T> entries, Func<T, string> nameOf, string name) =>
        entries.FirstOrDefault(entry => nameOf(entry) == name)
        ?? throw Require.Broken(Unknown(what, [.. entries.Select(nameOf)], name));

    private static string Unknown(string what, string[] known, string name)
    {
        var hint = NearestName.Of(name, known) is { } nearest ? $"; did you mean '{nearest}'?" : ".";
        return $"{what} must be one of {string.Join(", ", known)}, but got '{name}'{hint}";
    }
}
