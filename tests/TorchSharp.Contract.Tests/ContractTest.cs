using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests;

/// <summary>Frees what a test makes, so that tests of live-tensor counts see none of it.</summary>
public abstract class ContractTest : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _scope.Dispose();
    }
}
