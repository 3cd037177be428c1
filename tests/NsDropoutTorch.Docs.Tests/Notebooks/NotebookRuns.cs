namespace NsDropoutTorch.Docs.Tests.Notebooks;

/// <summary>Each notebook run once, from the first cell to the last, for all tests that look at it.</summary>
public sealed class NotebookRuns : IDisposable
{
    private readonly Dictionary<string, NotebookKernel> kernels = new(StringComparer.Ordinal);

    internal async Task<NotebookKernel> OfAsync(string name)
    {
        if (!kernels.TryGetValue(name, out var kernel))
        {
            kernels[name] = kernel = new NotebookKernel();
            foreach (var cell in NotebookFile.Load(name).Where(cell => cell.IsCode))
            {
                await kernel.RunAsync(cell);
            }
        }

        return kernel;
    }

    public void Dispose()
    {
        foreach (var kernel in kernels.Values)
        {
            kernel.Dispose();
        }
    }
}
