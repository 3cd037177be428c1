namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>What docs/troubleshooting.md does about a TorchSharp library that asks for too much, typed into a shell on Linux.</summary>
internal static class LibraryRepair
{
    public const string Page = "docs/troubleshooting.md";

    /// <summary>Whether the loader refuses the library of an application that was built. Of a wish that is weak it says 'weak version'.</summary>
    public static bool IsNeeded(ConsoleApp app) => app.Shell(Commands("look")).Output.Contains(": version `GLIBCXX_", StringComparison.Ordinal);

    /// <summary>Repairs it.</summary>
    public static void Apply(ConsoleApp app) => Assert.Contains(": OK", app.Shell(Commands("repair")).Succeeded().Output, StringComparison.Ordinal);

    private static string Commands(string name) => Docs.Page.At(Page).Commands(name);
}
