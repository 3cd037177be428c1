using NsDropoutTorch.Docs.Tests.Support;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;
using TorchSharp;

namespace NsDropoutTorch.Docs.Tests.Notebooks;

/// <summary>
/// Runs a notebook cell by cell, each a submission that sees those before it, as .NET Interactive does: its usings, its C# version (the last
/// releases speak no newer one by default), packages by <c>#r "nuget: …"</c> with what they depend on, the value of a last expression shown.
/// </summary>
internal sealed partial class NotebookKernel : IDisposable
{
    private static readonly string[] Usings =
        ["System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq"];

    private readonly InteractiveAssemblyLoader loader = new();
    private readonly NotebookGlobals globals = new();
    private ScriptState<object>? state;

    public IReadOnlyList<DisplayedValue> Displayed => globals.Displayed;

    /// <summary>The value of a variable that a cell has declared.</summary>
    public T Get<T>(string variable) => (T)state!.GetVariable(variable).Value;

    public async Task RunAsync(Cell cell)
    {
        var packages = PackageLine().Matches(cell.Text).Select(match => Find(match.Groups["package"].Value, match.Groups["version"].Value)).ToArray();
        var code = PackageLine().Replace(cell.Text, "");
        state = state is null
            ? await CSharpScript.Create<object>(code, Options(packages), typeof(NotebookGlobals), loader).RunAsync(globals)
            : await state.ContinueWithAsync<object>(code, Options(packages));
        if (state.ReturnValue is { } value)
        {
            globals.display(value);
        }
    }

    public void Dispose() => loader.Dispose();

    // Only what a notebook would have: the framework, and what the cells before asked for.
    private ScriptOptions Options(Assembly[] packages)
    {
        var before = state?.Script.Options ?? ScriptOptions.Default.WithImports(Usings).WithLanguageVersion(LanguageVersion.CSharp12)
            .WithReferences(Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System*.dll").Select(file => MetadataReference.CreateFromFile(file)));
        var added = packages.SelectMany(WithDependencies).Distinct().ToArray();
        foreach (var assembly in added)
        {
            loader.RegisterDependency(assembly);
        }

        return before.AddReferences(added);
    }

    private static Assembly Find(string package, string version)
    {
        var isOwn = package.StartsWith("NsDropoutTorch", StringComparison.Ordinal);
        Assert.Equal(isOwn ? Repository.Version : Repository.VersionOf(package), version);
        return isOwn ? Assembly.Load(package) : typeof(torch).Assembly;
    }

    private static IEnumerable<Assembly> WithDependencies(Assembly assembly) => assembly.GetReferencedAssemblies()
        .Where(name => !name.Name!.StartsWith("System", StringComparison.Ordinal))
        .SelectMany(name => WithDependencies(Assembly.Load(name)))
        .Prepend(assembly);

    [GeneratedRegex("""^#r "nuget: (?<package>[^,]+), (?<version>[^"]+)"$""", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PackageLine();
}
