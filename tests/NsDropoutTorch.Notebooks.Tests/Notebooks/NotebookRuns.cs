using NsDropoutTorch.Notebooks.Tests.Kernels;

namespace NsDropoutTorch.Notebooks.Tests.Notebooks;

/// <summary>Each notebook run once, in this process, for all tests that look at it.</summary>
public sealed class NotebookRuns : IDisposable
{
    private readonly Dictionary<string, (NotebookRun Run, BuiltKernel Kernel)> runs = new(StringComparer.Ordinal);

    internal async Task<(NotebookRun Run, BuiltKernel Kernel)> OfAsync(string name)
    {
        if (!runs.TryGetValue(name, out var run))
        {
            var kernel = new BuiltKernel();
            run = (await NotebookRun.OfAsync(AppSource.Load(name).ToNotebook(), kernel), kernel);
            runs.Add(name, run);
        }

        return run;
    }

    public void Dispose()
    {
        foreach (var (_, kernel) in runs.Values)
        {
            kernel.Dispose();
        }
    }
}
