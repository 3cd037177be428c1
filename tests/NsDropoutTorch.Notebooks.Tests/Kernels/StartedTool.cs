using NsDropoutTorch.Docs.Tests.Packages;

namespace NsDropoutTorch.Notebooks.Tests.Kernels;

/// <summary>The tool in the folder of the notebooks, started by the first test that asks for it.</summary>
public sealed class StartedTool(PackedFiles packages) : IDisposable
{
    private ToolKernel? kernel;

    internal async Task<INotebookKernel> KernelAsync() => kernel ??= await ToolKernel.StartAsync(packages, "examples/notebooks");

    public void Dispose() => kernel?.Dispose();
}
