namespace NsDropoutTorch.Docs.Tests.Support;

/// <summary>A region of a source file, without the lines that mark it.</summary>
internal static class Region
{
    /// <summary>Its lines without the indentation that all of them share; the last has no line end.</summary>
    /// <param name="path">The file, as it is named in the repository.</param>
    /// <param name="name">The region's name.</param>
    public static string Of(string path, string name)
    {
        var text = Repository.Read(path);
        var start = text.IndexOf($"#region {name}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{path} must have a region '{name}', but has none.");
        start = text.IndexOf('\n', start) + 1;
        return Unindented(text[start..text.IndexOf("#endregion", start, StringComparison.Ordinal)].TrimEnd());
    }

    private static string Unindented(string text)
    {
        var lines = text.Split('\n');
        var indentation = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart(' ').Length);
        return string.Join('\n', lines.Select(line => line.Length == 0 ? line : line[indentation..]));
    }
}
