using NsDropoutTorch.Docs.Tests.Packages;

namespace NsDropoutTorch.Notebooks.Tests.Kernels;

/// <summary>The tool, started once in the folder of the notebooks.</summary>
public sealed class StartedTool(PackedFiles packages) : IAsyncLifetime
{
    internal INotebookKernel Kernel { get; private set; } = null!; // until it is started

    public async Task InitializeAsync() => Kernel = await ToolKernel.StartAsync(packages, "examples/notebooks");

    public Task DisposeAsync()
    {
        Kernel?.Dispose();
        return Task.CompletedTask;
    }
}
