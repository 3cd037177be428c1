using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Data;

namespace NsDropoutTorch.Experiments;

/// <summary>Looks things up by name and answers a name it does not know with the nearest one.</summary>
internal static class Catalog
{
    public static T Find<T>(string what, IReadOnlyList<T> entries, Func<T, string> nameOf, string name) =>
        entries.FirstOrDefault(entry => nameOf(entry) == name)
        ?? throw Require.Broken(
            $"{what} must be one of {string.Join(", ", entries.Select(nameOf))}, but got '{name}'; "
            + $"the nearest is '{NearestName.Of(name, entries.Select(nameOf))}'.");
}
