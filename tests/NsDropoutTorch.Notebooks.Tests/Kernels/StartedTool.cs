using NsDropoutTorch.Docs.Tests.Packages;

namespace NsDropoutTorch.Notebooks.Tests.Kernels;

/// <summary>The tool, started once in the folder of the notebooks.</summary>
public sealed class StartedTool : IAsyncLifetime
{
    private readonly PackedFiles packages = new();

    internal INotebookKernel Kernel { get; private set; } = null!;

    public async Task InitializeAsync() => Kernel = await ToolKernel.StartAsync(packages, "examples/notebooks");

    public Task DisposeAsync()
    {
        Kernel.Dispose();
        packages.Dispose();
        return Task.CompletedTask;
    }
}
