namespace TorchSharp.Contract.Tests;

internal static class Finalizers
{
    /// <summary>What other tests left to the finalizers must not go while one counts live tensors.</summary>
    internal static void Run()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
