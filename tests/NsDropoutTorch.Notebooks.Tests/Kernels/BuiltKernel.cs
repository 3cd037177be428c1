using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using NsDropoutTorch.Docs.Tests.Support;
using TorchSharp;

namespace NsDropoutTorch.Notebooks.Tests.Kernels;

/// <summary>
/// The kernel in this process, so that a test can look at its variables and listen to what the libraries do. What a cell asks for by <c>#r "nuget: …"</c> is taken
/// from this program, which is built of the same projects, and then the script of the package is run, as the tool does: <see cref="ToolKernel"/> takes packages themselves.
/// </summary>
internal sealed partial class BuiltKernel : INotebookKernel
{
    private readonly CompositeKernel root = new();
    private readonly CSharpKernel csharp = new();

    public BuiltKernel() => root.Add(csharp.UseKernelHelpers().UseValueSharing(), ["C#"]);

    public async Task<KernelCommandResult> SubmitAsync(string code)
    {
        foreach (Match line in PackageLine().Matches(code))
        {
            await AddAsync(line.Groups["package"].Value, line.Groups["version"].Value);
        }

        return await root.SendAsync(new SubmitCode(PackageLine().Replace(code, ""), csharp.Name));
    }

    /// <summary>The value of a variable that a cell has declared.</summary>
    public T Get<T>(string variable) => csharp.TryGetValue<T>(variable, out var value) ? value : throw new KeyNotFoundException($"No cell has declared '{variable}'.");

    public void Dispose() => root.Dispose();

    private async Task AddAsync(string package, string version)
    {
        var isOwn = package.StartsWith("NsDropoutTorch", StringComparison.Ordinal);
        Assert.Equal(isOwn ? Repository.Version : Repository.VersionOf(package), version);
        csharp.AddAssemblyReferences(WithDependencies(isOwn ? Assembly.Load(package) : typeof(torch).Assembly).Distinct().Select(assembly => assembly.Location));
        var script = new FileInfo(Repository.PathOf($"src/{package}/Report/extension.dib"));
        if (script.Exists)
        {
            await root.LoadAndRunInteractiveDocument(script);
        }
    }

    private static IEnumerable<Assembly> WithDependencies(Assembly assembly) => assembly.GetReferencedAssemblies()
        .Where(name => !name.Name!.StartsWith("System", StringComparison.Ordinal))
        .SelectMany(name => WithDependencies(Assembly.Load(name)))
        .Prepend(assembly);

    [GeneratedRegex("""^#r "nuget: (?<package>[^,]+), (?<version>[^"]+)"$""", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PackageLine();
}
