using TorchSharp;

namespace NsDropoutTorch.Tests.Support;

/// <summary>Counts the tensors that an action makes on this thread, whatever becomes of them.</summary>
internal static class TensorsMade
{
    public static long Count => DisposeScopeManager.Statistics.CreatedInScopeCount + DisposeScopeManager.Statistics.CreatedOutsideScopeCount;

    public static long By(Action action)
    {
        var before = Count;
        action();
        return Count - before;
    }
}
