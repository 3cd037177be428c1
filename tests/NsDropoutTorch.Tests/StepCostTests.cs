using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>
/// What a training step of the layer costs, in counts that no busy machine disturbs; the times are what ./bench.sh is for. An operator that does not work in place makes a
/// tensor, and one that works on a part of a tensor needs a view of it, so no loop over rows, classes or captures goes unseen.
/// </summary>
public sealed class StepCostTests
{
    // Float32 in host memory is read and written in place.
    private const int InPlace = 1;
    private const int ByOperators = 11;

    [Fact]
    public void Forward_WithACacheInPlace_MakesItsOutput() => Assert.Equal(InPlace, TensorsOf(cacheRows: 60));

    [Fact]
    public void Forward_WithACacheByOperators_MakesNoMoreTensorsThanItsStepsNeed()
    {
        string[] needed =
        [
            "zeros", "ones_like", // rows per class
            "to", "zeros", "unsqueeze", // means per class
            "sub", "contiguous", "empty", // masks by the gap
            "zeros_like", "index_select", "mul", // output
        ];

        Assert.Equal(ByOperators, needed.Length);
        Assert.Equal(ByOperators, TensorsOf(cacheRows: 60, dtype: ScalarType.Float64));
    }

    [Fact]
    public void Forward_WithAClassMissing_AlsoChoosesBetweenOldMaskAndNew()
    {
        string[] more =
        [
            "logical_and", "unsqueeze", "where", // the old mask or the new
            "sum", "eq", "full_like", "mul", // masks that drop unequal numbers have a scale each
        ];
        Assert.Equal(ByOperators + more.Length, TensorsOf(cacheRows: 60, rows: 2, dtype: ScalarType.Float64));
    }

    [Fact]
    public void Forward_BeforeACache_MakesThoseOfDropout()
    {
        string[] needed = ["empty", "empty", "zeros_like", "mul"]; // The mask and its seed, output.
        Assert.Equal(needed.Length, TensorsOf(cacheRows: 0));
    }

    [Theory]
    [InlineData(6_000, false, 30, 3)]
    [InlineData(6_000, true, 30, 3)]
    [InlineData(60, false, 3_000, 3)]
    [InlineData(60, false, 300, 30)]
    public void Forward_OfMoreRowsClassesOrCaptures_MakesAsManyTensors(long cacheRows, bool keepActivations, long rows, long classes)
    {
        Assert.Equal(InPlace, TensorsOf(cacheRows, keepActivations, rows, classes));
        Assert.Equal(ByOperators, TensorsOf(cacheRows, keepActivations, rows, classes, ScalarType.Float64));
    }

    [Theory]
    [InlineData(60, false, 30, 3)]
    [InlineData(6_000, true, 30, 3)]
    [InlineData(60, false, 3_000, 3)]
    [InlineData(60, false, 300, 30)]
    public void Forward_OnceItIsSteady_AllocatesLessThanFourKilobytes(long cacheRows, bool keepActivations, long rows, long classes)
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(cacheRows, keepActivations, classes);
        var (input, labels) = (rand(rows, 16), Layers.Balanced(rows, classes));
        var bytes = Enumerable.Range(0, 300).Select(_ => BytesOf(() => layer.forward(input, labels).Dispose())).ToList();

        // The last calls: the runtime has compiled the code for good by then.
        Assert.InRange(bytes.TakeLast(100).Order().ElementAt(50), 1, 4096);
    }

    [Fact]
    public void TensorsMade_SeesWhatItIsThereToSee()
    {
        using var scope = NewDisposeScope();
        var x = rand(3);
        Assert.Equal(3, TensorsMade.By(() => (x + 1).mul(x).add_(1)[0].Dispose()));
        Assert.Equal(1, TensorsMade.By(() =>
        {
            using var inner = NewDisposeScope();
            x.neg();
        }));
    }

    private static long TensorsOf(long cacheRows, bool keepActivations = false, long rows = 30, long classes = 3, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(cacheRows, keepActivations, classes, dtype);
        var (input, labels) = (rand(rows, 16, dtype), Layers.Balanced(rows, classes));
        return TensorsMade.By(() => layer.forward(input, labels));
    }

    private static NSDropout Layer(long cacheRows, bool keepActivations, long classes, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        var layer = torch.nn.NSDropout(16, classes, 0.25, new NSDropoutOptions { KeepActivations = keepActivations }, dtype: dtype);
        layer.CacheValidation(rand(cacheRows, 16, dtype), Layers.Balanced(cacheRows, classes));
        return layer;
    }

    private static long BytesOf(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
