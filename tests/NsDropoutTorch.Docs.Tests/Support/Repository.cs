using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace NsDropoutTorch.Docs.Tests.Support;

/// <summary>The working tree that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The projects' version.</summary>
    public static string Version { get; } = XDocument.Load(PathOf("Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>The full path of a file or folder.</summary>
    /// <param name="path">As it is named in the repository, with slashes.</param>
    public static string PathOf(string path) => Path.GetFullPath(Path.Combine(Root, path));

    /// <summary>A text file with line ends as git keeps them.</summary>
    /// <param name="path">As it is named in the repository.</param>
    public static string Read(string path) => File.ReadAllText(PathOf(path)).ReplaceLineEndings("\n");

    /// <summary>The version of a package that projects refer to unless a command line says otherwise.</summary>
    /// <param name="package">Its id.</param>
    public static string VersionOf(string package)
    {
        var version = XDocument.Load(PathOf("Directory.Packages.props"))
            .Descendants("PackageVersion").Single(version => version.Attribute("Include")!.Value == package).Attribute("Version")!.Value;
        return version is ['$', '(', .. var property, ')'] ? DefaultOf(property) : version;
    }

    private static string DefaultOf(string property) => XDocument.Load(PathOf("build/Torch.props"))
        .Descendants(property).Single(element => element.Parent!.Attribute("Condition") is null).Value;

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "NsDropoutTorch.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("NsDropoutTorch.sln must be in a folder above the tests.");
    }
}
