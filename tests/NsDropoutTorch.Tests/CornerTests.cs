using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public class CornerTests
{
    [Fact]
    public void Train_ClassAbsentFromBatch_KeepsItsFormerMask()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        var before = Layers.Masks(layer);
        var x = Data.Normal(77, 6, 8);
        layer.forward(x, ones(6, ScalarType.Int64));
        var after = Layers.Masks(layer);
        Assert.Equal([before[0], before[2]], [after[0], after[2]]);
        Assert.NotEqual(before[1], after[1]);
    }

    [Fact]
    public void Train_ClassAbsentFromCache_DropsNothingForItAndOthersAreMasked()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(8, 3, 0.5);
        layer.CacheValidation(Data.Normal(1, 6, 8), zeros(6, ScalarType.Int64));
        var output = layer.forward(ones(3, 8, ScalarType.Float64), tensor(new long[] { 0, 1, 2 }));
        Assert.Equal([4, 8, 8], Data.Integers(output.ne(0).sum(1)));
        Assert.Equal([0, 2], Data.Values(output[0]).Distinct().Order());
        Assert.All(Data.Values(output[1]).Concat(Data.Values(output[2])), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Train_ClassLeavesTheCache_KeepsItsFormerMask()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        var before = Layers.Masks(layer);
        layer.CacheValidation(Data.Normal(1, 6, 8), zeros(6, ScalarType.Int64));
        layer.forward(Data.Normal(2, 9, 8), Layers.Balanced(9, 3));
        Assert.Equal(before[1..], Layers.Masks(layer)[1..]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Forward_EmptyBatch_GivesAnEmptyOutputAndKeepsTheMasks(bool training)
    {
        using var scope = NewDisposeScope();
        foreach (var layer in new[] { Layers.Trained(), torch.nn.NSDropout(8, 3) })
        {
            using var owned = layer;
            var masks = Layers.Masks(layer);
            layer.train(training);
            Assert.Equal([0, 8], layer.forward(zeros(0L, 8, ScalarType.Float64), zeros(0L, ScalarType.Int64)).shape);
            Assert.Equal(masks, Layers.Masks(layer));
        }
    }

    [Fact]
    public void CacheValidation_NoRows_KeepsTheFormerCache()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        var means = Data.Values(layer.validation_means);
        layer.CacheValidation(zeros(0L, 8, ScalarType.Float64), zeros(0L, ScalarType.Int64));
        Assert.Equal(means, Data.Values(layer.validation_means));
        Assert.Equal(1, layer.validation_captures);
    }

    [Fact]
    public void Train_OneSample_IsItsOwnMean()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(4, 2, 0.5);
        layer.CacheValidation(zeros(2, 4, ScalarType.Float64), tensor(new long[] { 0, 1 }));
        var output = layer.forward(tensor(new double[,] { { 3, 1, 4, 2 } }), tensor(new long[] { 1 }));
        Assert.Equal([0, 2, 0, 4], Data.Values(output));
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0)]
    public void Train_KIsZero_IsTheInput(double p)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(8, 3, p);
        layer.CacheValidation(Data.Normal(1, 9, 8), Layers.Balanced(9, 3));
        var x = Data.Normal(2, 9, 8);
        Assert.True(Data.SameBits(x, layer.forward(x, Layers.Balanced(9, 3))));
        Assert.All(Data.Values(layer.class_masks), v => Assert.Equal(1, v));
    }

    [Fact]
    public void Train_PZeroBeforeAnyCache_IsTheInput()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(8, 3, 0);
        var x = Data.Normal(2, 9, 8);
        Assert.True(Data.SameBits(x, layer.forward(x, Layers.Balanced(9, 3))));
    }

    [Theory]
    [InlineData(10, 0.99)]
    [InlineData(1, 0.6)]
    public void Train_KIsF_DropsAllAndStaysFinite(long numFeatures, double p)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(numFeatures, 2, p);
        layer.CacheValidation(Data.Normal(1, 6, numFeatures), Layers.Balanced(6, 2));
        var x = Data.Normal(2, 6, numFeatures).requires_grad_();
        var output = layer.forward(x, Layers.Balanced(6, 2));
        output.sum().backward();
        Assert.All(Data.Values(output).Concat(Data.Values(x.grad!)), v => Assert.Equal(0, v));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Train_ActivationNotFinite_NeuronIsDroppedLastAndItsClassAlone(double wrong)
    {
        using var scope = NewDisposeScope();
        var random = new Random(5);
        var (x, xv) = (Data.Normal(random, 30, 6), Data.Normal(random, 30, 6));
        var y = Enumerable.Range(0, 30).Select(i => i % 3L).ToArray();
        x[4, 2] = wrong;
        using var layer = torch.nn.NSDropout(6, 3, 0.5);
        layer.CacheValidation(Data.Matrix(xv), tensor(y));
        var output = Data.Values(layer.forward(Data.Matrix(x), tensor(y)));

        var masks = SlowNSDropout.Masks(x, y, xv, y, 3, 0.5);
        Assert.True(masks[1][2]);
        Assert.Equal(masks, Layers.Masks(layer));
        Assert.Equal(Data.Flat(SlowNSDropout.Multiply(x, y, masks, 2)), output);
    }

    [Fact]
    public void Train_ValidationNotFinite_NeuronIsDroppedLast()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(3, 1, 0.4);
        layer.CacheValidation(tensor(new[,] { { double.NegativeInfinity, 0, 0 } }), zeros(1, ScalarType.Int64));
        layer.forward(tensor(new double[,] { { 9, 1, 2 } }), zeros(1, ScalarType.Int64));
        Assert.Equal([[true, true, false]], Layers.Masks(layer));
    }

    [Fact]
    public void Train_EqualGaps_AreDroppedTheSameWayEachTime()
    {
        using var scope = NewDisposeScope();
        var masks = new List<bool[][]>();
        for (var run = 0; run < 5; run++)
        {
            using var layer = torch.nn.NSDropout(64, 4, 0.25);
            layer.CacheValidation(zeros(8, 64), Layers.Balanced(8, 4));
            layer.forward(zeros(8, 64), Layers.Balanced(8, 4));
            masks.Add(Layers.Masks(layer));
        }

        Assert.All(masks[0], mask => Assert.Equal(48, mask.Count(keep => keep)));
        Assert.All(masks, m => Assert.Equal(masks[0], m));
    }

    [Theory]
    [InlineData(1, 16, 40)]
    [InlineData(2, 16, 40)]
    [InlineData(1000, 16, 3000)]
    [InlineData(3, 1, 40)]
    [InlineData(2, 65_536, 8)]
    public void Train_ExtremeSizes_AgreeWithTheOracle(int numClasses, int numFeatures, int rows)
    {
        using var scope = NewDisposeScope();
        var random = new Random(8);
        var (x, xv) = (Data.Normal(random, rows, numFeatures), Data.Normal(random, rows, numFeatures));
        var (y, yv) = (Data.Labels(random, rows, numClasses), Data.Labels(random, rows, numClasses));
        using var layer = torch.nn.NSDropout(numFeatures, numClasses, 0.6);
        layer.CacheValidation(Data.Matrix(xv), tensor(yv));
        var output = layer.forward(Data.Matrix(x), tensor(y));
        var masks = SlowNSDropout.Masks(x, y, xv, yv, numClasses, 0.6);
        Assert.Equal(masks, Layers.Masks(layer));
        Data.AssertClose(Data.Flat(SlowNSDropout.Multiply(x, y, masks, SlowNSDropout.CountScales(masks))), output, 1e-12);
    }

    [Fact]
    public void Forward_TransposedAndStridedInputs_EqualContiguousOnes()
    {
        using var scope = NewDisposeScope();
        var x = Data.Normal(3, 12, 8);
        var labels = Layers.Balanced(12, 3);
        foreach (var same in new[] { x.t().contiguous().t(), cat([x, x], 1)[TensorIndex.Colon, TensorIndex.Slice(0, 8)] })
        {
            using var layer = torch.nn.NSDropout(8, 3, 0.5);
            using var strided = torch.nn.NSDropout(8, 3, 0.5);
            Assert.False(same.is_contiguous());
            layer.CacheValidation(x.neg(), labels);
            strided.CacheValidation(same.neg(), labels);
            Assert.True(Data.SameBits(layer.forward(x, labels), strided.forward(same, labels)));
            Assert.Equal(Layers.Masks(layer), Layers.Masks(strided));
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Forward_EveryFloatingType_KeepsItsTypeInEveryMode(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(8, 3, 0.5);
        var labels = Layers.Balanced(30, 3);
        // Quarters are exact in every type, so that the oracle's masks are the layer's.
        var (x, xv) = (Data.Normal(1, 30, 8).mul(4).round().div(4), Data.Normal(2, 30, 8).mul(4).round().div(4));
        var input = x.to(dtype).requires_grad_();
        Assert.Equal(dtype, layer.forward(input, labels).dtype);
        layer.CacheValidation(xv.to(dtype), labels);
        var output = layer.forward(input, labels);
        output.backward([ones_like(output)]);

        var y = Data.Integers(labels);
        var (plain, plainV) = ((double[,])x.data<double>().ToNDArray(), (double[,])xv.data<double>().ToNDArray());
        Assert.Equal(Data.Flat(SlowNSDropout.Multiply(plain, y, Layers.Masks(layer), 2)), Data.Values(output));
        Assert.All(Layers.Masks(layer), mask => Assert.Equal(4, mask.Count(keep => keep)));
        Assert.Equal((dtype, dtype), (output.dtype, input.grad!.dtype));
        for (var c = 0; c < 3; c++)
            Data.AssertClose(SlowNSDropout.ClassMean(plainV, y, c, out _), layer.validation_means[c], 1e-6);

        layer.eval();
        foreach (var mode in Enum.GetValues<EvalMode>())
        {
            layer.EvalMode = mode;
            Assert.Equal(dtype, layer.forward(input, labels).dtype);
        }
    }

    [Fact]
    public void Train_UnderNoGrad_UpdatesMasksAndRecordsNoGraph()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        using (no_grad())
            Assert.False(layer.forward(Data.Normal(1, 6, 8).requires_grad_(), Layers.Balanced(6, 3)).requires_grad);
        Assert.Equal(2, layer.mask_updates);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_UnderInferenceMode_StateCanBeChangedOutsideOfIt(bool scaleBackward)
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: new NSDropoutOptions { Momentum = 0.5, ScaleBackward = scaleBackward });
        var (x, labels) = (Data.Normal(1, 6, 8), Layers.Balanced(6, 3));
        using (inference_mode())
            layer.forward(x, labels);
        layer.forward(x, labels);
        using (inference_mode())
        {
            layer.CacheValidation(x, labels);
            layer.ResetValidation();
            layer.ResetStatistics();
        }

        layer.CacheValidation(x, labels);
        layer.forward(x, labels);
        layer.ResetStatistics();
        Assert.Equal(0, layer.mask_updates);
    }

    [Fact]
    public void Train_FloatInputThenDoubleInput_InInferenceMode_WidensTheAverages()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(8, 3, 0.5, new NSDropoutOptions { Momentum = 0.5 });
        using (inference_mode())
            layer.forward(Data.Normal(1, 6, 8), Layers.Balanced(6, 3));
        layer.forward(Data.Normal(1, 6, 8, ScalarType.Float32), Layers.Balanced(6, 3));
        Assert.Equal(ScalarType.Float64, layer.training_means!.dtype);
    }
}
