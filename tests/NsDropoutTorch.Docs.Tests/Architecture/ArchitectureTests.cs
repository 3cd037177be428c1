using NsDropoutTorch.Docs.Tests.Support;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace NsDropoutTorch.Docs.Tests.Architecture;

/// <summary>The house as docs/architecture.md draws it: folders are namespaces, and arrows run one way.</summary>
public sealed class ArchitectureTests
{
    // Each uses those before it, and no other.
    private static readonly string[] Projects = ["NsDropoutTorch", "NsDropoutTorch.Data", "NsDropoutTorch.Training", "NsDropoutTorch.Experiments", "nsdropout"];

    /// <summary>Those of the projects.</summary>
    internal static Assembly[] Assemblies { get; } = [.. Projects.Select(Assembly.Load)];

    [Fact]
    public void Namespaces_HaveNoCircle()
    {
        var circle = Rooms.Of(Assemblies).Circle();
        Assert.True(circle is null, circle);
    }

    [Fact]
    public void Circle_PlantedOne_IsFound()
    {
        var circle = Rooms.Of(typeof(ArchitectureTests).Assembly).Circle();

        Assert.Contains("Architecture.Planted.One → NsDropoutTorch.Docs.Tests.Architecture.Planted.Other", circle, StringComparison.Ordinal);
        Assert.Contains("Architecture.Planted.Other → NsDropoutTorch.Docs.Tests.Architecture.Planted.One", circle, StringComparison.Ordinal);
    }

    [Fact]
    public void Projects_UseOnlyThoseBelowThem()
    {
        foreach (var (place, assembly) in Assemblies.Index())
        {
            var used = assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("NsDropoutTorch", StringComparison.OrdinalIgnoreCase));
            Assert.Subset(Projects[..place].ToHashSet(), used.ToHashSet());
        }
    }

    [Fact]
    public void Internals_AreVisibleToTestsAlone()
    {
        foreach (var assembly in Assemblies)
        {
            Assert.All(assembly.GetCustomAttributes<InternalsVisibleToAttribute>(), friend => Assert.EndsWith(".Tests", friend.AssemblyName, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Folders_AreNamespaces()
    {
        var source = Repository.PathOf("src");
        foreach (var file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(source, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            if (folder.Contains(".obj", StringComparison.Ordinal) || folder.Contains(".bin", StringComparison.Ordinal)) continue;
            var declared = Regex.Match(File.ReadAllText(file), @"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
            // Helpers that several projects compile are in the namespace around all of them.
            var expected = folder == "Shared" ? "NsDropoutTorch" : folder;
            Assert.True(!declared.Success || declared.Groups["name"].Value == expected, $"{file} must declare the namespace {expected}, but declares {declared.Groups["name"].Value}.");
        }
    }

    [Fact]
    public void SourceFiles_HaveAtMost300Lines()
    {
        var files = Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        Assert.All(files, file => Assert.True(File.ReadLines(file).Count() <= 300, file));
    }
}
