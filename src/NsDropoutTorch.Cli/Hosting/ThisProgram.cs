namespace NsDropoutTorch.Cli.Hosting;

/// <summary>How this program is started.</summary>
internal static class ThisProgram
{
    /// <summary>The words before its arguments: an executable of its own, or <c>dotnet</c> and the path of <c>nsdropout.dll</c>.</summary>
    public static IReadOnlyList<string> Command { get; } = Find();

    private static string[] Find()
    {
        var host = Environment.ProcessPath!;
        // Tests are hosted by programs of other names.
        return Path.GetFileNameWithoutExtension(host) == "nsdropout" ? [host] : [DotnetOf(host), typeof(ThisProgram).Assembly.Location];
    }

    private static string DotnetOf(string host) => Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
}
