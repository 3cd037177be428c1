using System.Text;
using System.Text.RegularExpressions;

namespace NsDropoutTorch.Cli.Doctor;

/// <summary>The versions <c>GLIBCXX_3.4.…</c> that a library for Linux has or asks for, as they stand in its file.</summary>
internal static partial class Glibcxx
{
    /// <summary>The newest that stands in <paramref name="library"/>; null where there is none.</summary>
    public static Version? NewestIn(byte[] library) =>
        Name().Matches(Encoding.Latin1.GetString(library)).Select(match => Version.Parse(match.Groups["version"].Value)).Max();

    [GeneratedRegex(@"GLIBCXX_(?<version>[0-9]+(\.[0-9]+){1,3})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Name();
}
