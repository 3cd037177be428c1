namespace NsDropoutTorch.Docs.Tests.Support;

/// <summary>The lines of two texts: in both (<c>' '</c>), only in the first (<c>-</c>), only in the second (<c>+</c>), by the longest common sequence.</summary>
internal static class LineDiff
{
    public static IReadOnlyList<string> Of(string before, string after)
    {
        var (a, b) = (before.Split('\n'), after.Split('\n'));
        var common = CommonAfter(a, b);
        var lines = new List<string>();
        var (i, j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                lines.Add($" {a[i]}");
                (i, j) = (i + 1, j + 1);
            }
            else if (j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add($"-{a[i++]}");
            }
            else
            {
                lines.Add($"+{b[j++]}");
            }
        }

        return lines;
    }

    // How many lines the rests from i and from j have in common.
    private static int[,] CommonAfter(string[] a, string[] b)
    {
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }
}
