using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Docs.Tests.Faq;

/// <summary>docs/faq.md on types of elements: each trouble occurs as it says, and its repair repairs it.</summary>
public sealed class TypeTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Item_OfAnotherType_Throws()
    {
        var (outputs, labels) = (eye(3), tensor(new[] { 0L, 1, 1 }));
        FaqPage.Quotes<ArgumentException>("A number cannot be read", () => outputs.argmax(1).eq(labels).sum().item<float>());

        #region item
        var right = outputs.argmax(1).eq(labels).sum(); // a count is Int64
        Console.WriteLine($"{right.item<long>()} right, a share of {right.ToSingle() / labels.shape[0]:F2}");
        #endregion

        Assert.Equal((2, 2f), (right.item<long>(), right.ToSingle()));
    }

    [Fact]
    public void Labels_ThatAreNotInt64_AreRefused()
    {
        var logits = randn(3, 4);
        int[] classes = [0, 3, 1];
        FaqPage.Quotes<ExternalException>("Cross entropy refuses my labels", () => nn.functional.cross_entropy(logits, tensor(classes)));

        #region labels
        var labels = tensor(classes).to(int64);
        var loss = nn.functional.cross_entropy(logits, labels);
        #endregion

        Assert.True(loss.item<float>() > 0);
    }

    [Fact]
    public void Inputs_OfAnotherType_AreRefused()
    {
        double[,] rows = { { 1, 2, 3 }, { 4, 5, 6 } };
        using var model = nn.Linear(3, 2);
        FaqPage.Quotes<ExternalException>("Two matrices have other types", () => model.call(tensor(rows)));

        #region float
        var inputs = tensor(rows).to(float32); // double[] becomes Float64, weights are Float32
        var outputs = model.call(inputs);
        #endregion

        Assert.Equal(float32, outputs.dtype);
    }

    [Fact]
    public void Sum_OfAnUnnamedInt_TakesATypeForADimension()
    {
        var values = ones(2, 3) * 200;
        Assert.Equal((ScalarType.Byte, 0), (values.sum(0).dtype, values.sum(0).ndim));

        #region sum
        var columns = values.sum(dim: 0); // or 0L
        #endregion

        Assert.Equal([400f, 400f, 400f], columns.data<float>().ToArray());
    }

    [Fact]
    public void Loss_OfAProbability_BecomesInfinite_AndOfLogitsDoesNot()
    {
        var (logits, labels) = (tensor(new[,] { { 200f, 0f } }), tensor(new[] { 1L }));
        Assert.Equal(float.PositiveInfinity, (-logits.softmax(1).log()[0, 1]).item<float>());

        #region logits
        var loss = nn.functional.cross_entropy(logits, labels); // of logits, not of their softmax
        #endregion

        Assert.Equal(200, loss.item<float>());
    }
}
