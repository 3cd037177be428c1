using NsDropoutTorch.Tests.Support;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>
/// TorchSharp frees a tensor that nothing names any more, also while memory of it is being read. So whatever the library reads in place it holds meanwhile; what it makes
/// itself is held by its dispose scopes (TorchSharpFactsTests).
/// </summary>
public sealed class GarbageCollectionTests
{
    [Fact]
    public void LabelScope_WhileItIsOpen_HoldsLabelsThatNobodyElseNames()
    {
        var (batch, labels) = Open();
        Collect();
        Assert.True(labels.IsAlive);
        Assert.Equal(6, batch.For(6, 3, CPU).size(0));
        batch.Dispose();
    }

    [Fact]
    public void Layer_BetweenCalls_HoldsWhatItKeeps()
    {
        using var layer = Layers.Trained(options: new NSDropoutOptions { KeepActivations = true });
        Collect();
        var (activations, labels) = layer.KeptValidation()!.Value;
        using (activations)
        using (labels)
        using (var gaps = layer.Gaps())
            Assert.Equal((240, 30, 24), (Data.Values(activations).Length, Data.Integers(labels).Length, Data.Values(gaps).Length));
        Assert.Equal((1, 1), (layer.steps, layer.validation_captures));
    }

    // Outside of any dispose scope, in a method of its own, so that no local variable names them either.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (LabelScope Batch, WeakReference Labels) Open()
    {
        var labels = Layers.Balanced(6, 3);
        return (LabelScope.Use(labels), new(labels));
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
