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
    private readonly TempFolder home = new();
    private readonly StdIoKernelConnector connector;
    private ProxyKernel? proxy;

    private ToolKernel(string folder) => connector = new(Command(home.Path), "tool", KernelHost.CreateHostUri("notebooks"), new DirectoryInfo(Repository.PathOf(folder)));

    /// <summary>Starts it in a folder of the repository.</summary>
    /// <param name="packages">This project's packages.</param>
    /// <param name="folder">The folder of the notebook.</param>
    public static async Task<ToolKernel> StartAsync(PackedFiles packages, string folder)
    {
        var kernel = new ToolKernel(folder);
        try
        {
            Directory.CreateDirectory(kernel.home.PathOf(".nuget/NuGet"));
            await File.WriteAllTextAsync(kernel.home.PathOf(".nuget/NuGet/NuGet.Config"), PackageSources.Of(packages.LibraryFolder));
            LinkNatives(kernel.home.PathOf(".nuget/packages"));
            kernel.proxy = await ConnectAsync(kernel.connector);
            return kernel;
        }
        catch
        {
            kernel.Dispose();
            throw;
        }
    }

    public Task<KernelCommandResult> SubmitAsync(string code) => proxy!.SendAsync(new SubmitCode(code));

    public void Dispose()
    {
        proxy?.Dispose();
        connector.Dispose();
        home.Dispose();
    }

    // The connector may look up what the tool has told it of its kernels a moment before it has kept it.
    private static async Task<ProxyKernel> ConnectAsync(StdIoKernelConnector connector)
    {
        for (var retriesLeft = 50; ; retriesLeft--)
        {
            try
            {
                return await connector.CreateProxyKernelAsync("csharp");
            }
            catch (InvalidOperationException) when (retriesLeft > 0)
            {
                await Task.Delay(100);
            }
        }
    }

    private static string[] Command(string home) =>
    [
        "env", $"\"HOME={home}\"", "NUGET_PACKAGES=", "DOTNET_NUGET_SIGNATURE_VERIFICATION=false", "DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT=1",
        // Where TorchSharp's own library does not load, the copy beside this program does.
        $"\"LD_LIBRARY_PATH={AppContext.BaseDirectory}\"",
        "dotnet", $"\"{Dotnet.PackageFolder}microsoft.dotnet-interactive/{ToolVersion}/tools/net10.0/any/Microsoft.DotNet.Interactive.App.dll\"", "stdio", "--default-kernel", "csharp",
    ];

    private static string ToolVersion { get; } = typeof(ToolKernel).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "DotNetInteractiveTool").Value!;

    // They are half a gigabyte for each platform, and the same.
    private static void LinkNatives(string packages)
    {
        Directory.CreateDirectory(packages);
        foreach (var package in Directory.GetDirectories(Dotnet.PackageFolder, "libtorch-*"))
        {
            Directory.CreateSymbolicLink(Path.Combine(packages, Path.GetFileName(package)), package);
        }
    }
}
