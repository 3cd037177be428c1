using System.Reflection;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;

namespace NsDropoutTorch.Docs.Tests.Architecture;

/// <summary>The namespaces of some assemblies, and which uses which; read from the compiled code.</summary>
internal sealed class Rooms
{
    private readonly SortedDictionary<string, SortedDictionary<string, string>> arrows = new(StringComparer.Ordinal);

    private Rooms(IEnumerable<IType> types)
    {
        foreach (var type in types.Where(type => IsOurs(type)))
        {
            var from = type.Namespace.FullName;
            arrows.TryAdd(from, new(StringComparer.Ordinal));
            foreach (var used in type.GetTypeDependencies().Where(used => IsOurs(used) && used.Namespace.FullName != from))
            {
                arrows[from].TryAdd(used.Namespace.FullName, $"{type.FullName} uses {used.FullName}");
            }
        }
    }

    /// <summary>All namespaces.</summary>
    public IReadOnlyCollection<string> Names => arrows.Keys;

    /// <summary>The rooms of compiled assemblies.</summary>
    public static Rooms Of(params System.Reflection.Assembly[] assemblies) => new(new ArchLoader().LoadAssemblies(assemblies).Build().Types);

    /// <summary>What a namespace uses, with one use as evidence.</summary>
    public IReadOnlyDictionary<string, string> UsedBy(string room) => arrows[room];

    /// <summary>The first circle of namespaces, one use a line; null where there is none.</summary>
    public string? Circle()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        return arrows.Keys.Select(room => Circle(room, path, done)).FirstOrDefault(circle => circle is not null);
    }

    private string? Circle(string room, List<string> path, HashSet<string> done)
    {
        if (path.IndexOf(room) is var start and >= 0)
        {
            string[] circle = [.. path[start..], room];
            return string.Join('\n', circle.Zip(circle.Skip(1), (from, to) => $"{from} → {to}: {arrows[from][to]}"));
        }

        if (!done.Add(room) || !arrows.TryGetValue(room, out var used))
        {
            return null;
        }

        path.Add(room);
        var found = used.Keys.Select(next => Circle(next, path, done)).FirstOrDefault(circle => circle is not null);
        path.RemoveAt(path.Count - 1);
        return found;
    }

    private static bool IsOurs(IType type) => type.Namespace?.FullName.StartsWith("NsDropoutTorch", StringComparison.Ordinal) == true;
}
