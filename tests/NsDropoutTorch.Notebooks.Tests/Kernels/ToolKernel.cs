using System.Reflection;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Connection;
using NsDropoutTorch.Docs.Tests.Packages;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Notebooks.Tests.Kernels;

/// <summary>
/// The last release of the tool <c>dotnet-interactive</c> in a process of its own, for a user who has nothing but the packages: a home folder whose settings of NuGet take this
/// project's packages from where they were just packed, and all others from where the tests have theirs.
/// </summary>
internal sealed class ToolKernel : INotebookKernel
{
    private readonly TempFolder home;
    private readonly ProxyKernel proxy;

    private ToolKernel(TempFolder home, ProxyKernel proxy) => (this.home, this.proxy) = (home, proxy);

    /// <summary>Starts it in a folder of the repository.</summary>
    /// <param name="packages">This project's packages.</param>
    /// <param name="folder">The folder of the notebook.</param>
    public static async Task<ToolKernel> StartAsync(PackedFiles packages, string folder)
    {
        var user = new TempFolder();
        Directory.CreateDirectory(user.PathOf(".nuget/NuGet"));
        await File.WriteAllTextAsync(user.PathOf(".nuget/NuGet/NuGet.Config"), PackageSources.Of(packages.LibraryFolder));
        LinkNatives(user);
        var connector = new StdIoKernelConnector(Command(user), "tool", KernelHost.CreateHostUri("notebooks"), new DirectoryInfo(Repository.PathOf(folder)));
        return new(user, await connector.CreateProxyKernelAsync("csharp"));
    }

    public Task<KernelCommandResult> SubmitAsync(string code) => proxy.SendAsync(new SubmitCode(code));

    public void Dispose()
    {
        proxy.Dispose();
        home.Dispose();
    }

    private static string[] Command(TempFolder user) =>
    [
        "env", $"HOME={user.Path}", "NUGET_PACKAGES=", "DOTNET_NUGET_SIGNATURE_VERIFICATION=false", "DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT=1",
        // Where TorchSharp's own library does not load, the copy beside this program does.
        $"LD_LIBRARY_PATH={AppContext.BaseDirectory}",
        "dotnet", $"{Dotnet.PackageFolder}microsoft.dotnet-interactive/{ToolVersion}/tools/net10.0/any/Microsoft.DotNet.Interactive.App.dll", "stdio", "--default-kernel", "csharp",
    ];

    private static string ToolVersion { get; } = typeof(ToolKernel).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "DotNetInteractiveTool").Value!;

    // They are half a gigabyte for each platform, and the same.
    private static void LinkNatives(TempFolder user)
    {
        Directory.CreateDirectory(user.PathOf(".nuget/packages"));
        foreach (var package in Directory.GetDirectories(Dotnet.PackageFolder, "libtorch-*"))
        {
            Directory.CreateSymbolicLink(user.PathOf($".nuget/packages/{Path.GetFileName(package)}"), package);
        }
    }
}
