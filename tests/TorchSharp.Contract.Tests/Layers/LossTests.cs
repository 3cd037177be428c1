using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Layers;

public sealed class LossTests : ContractTest
{
    private static readonly double[,] Logits = { { 1, 2, 0.5 }, { -1, 0, 3 } };
    private static readonly long[] Labels = [1, 0];

    private static Tensor X => tensor(Logits);

    private static Tensor Y => tensor(Labels);

    private static double[] Each => Enumerable.Range(0, 2).Select(n =>
        Math.Log(Enumerable.Range(0, 3).Sum(c => Math.Exp(Logits[n, c]))) - Logits[n, Labels[n]]).ToArray();

    [Fact]
    public void CrossEntropy_IsTheNegativeLogProbabilityOfTheLabel()
    {
        Expect.Near(Each.Average(), nn.CrossEntropyLoss().call(X, Y), 1e-14);
        Expect.Near(Each.Sum(), nn.CrossEntropyLoss(reduction: nn.Reduction.Sum).call(X, Y), 1e-14);
        Expect.Near(Each, nn.CrossEntropyLoss(reduction: nn.Reduction.None).call(X, Y), 1e-14);
        Expect.Near(Each.Average(), nn.functional.cross_entropy(X, Y), 1e-14);
    }

    [Fact]
    public void CrossEntropy_WithWeights_IsTheirMean()
    {
        var weight = tensor(new[] { 3.0, 1, 1 });
        Expect.Near(((1 * Each[0]) + (3 * Each[1])) / 4, nn.CrossEntropyLoss(weight).call(X, Y), 1e-14);
    }

    [Fact]
    public void CrossEntropy_IgnoresAnIndex() => Expect.Near(Each[0], nn.CrossEntropyLoss(ignore_index: 0).call(X, Y), 1e-14);

    [Fact]
    public void CrossEntropy_HasSoftmaxMinusOneHotAsGradient()
    {
        var x = tensor(Logits, requires_grad: true);
        nn.functional.cross_entropy(x, Y, reduction: nn.Reduction.Sum).backward();
        Assert.True((x.detach().softmax(1) - nn.functional.one_hot(Y, 3)).allclose(x.grad!));
    }

    [Fact]
    public void CrossEntropy_OfALabelOutOfRange_Throws() =>
        Expect.NativeError("Target 5 is out of bounds", () => nn.functional.cross_entropy(X, tensor(new[] { 5L, 0 })));

    [Fact]
    public void NllLoss_TakesLogProbabilities()
    {
        Expect.Near(Each.Average(), nn.NLLLoss().call(X.log_softmax(1), Y), 1e-14);
        Expect.Near(Each.Sum(), nn.functional.nll_loss(X.log_softmax(1), Y, reduction: nn.Reduction.Sum), 1e-14);
    }

    [Fact]
    public void BinaryCrossEntropies_AgreeAndFollowTheirFormula()
    {
        var z = tensor(new[] { -1.0, 0.5 });
        var t = tensor(new[] { 0.0, 1 });
        var expected = (Math.Log(1 + Math.Exp(-1)) + Math.Log(1 + Math.Exp(-0.5))) / 2;
        Expect.Near(expected, nn.BCEWithLogitsLoss().call(z, t), 1e-14);
        Expect.Near(expected, nn.BCELoss().call(z.sigmoid(), t), 1e-14);
        Expect.Near(expected * 2, nn.functional.binary_cross_entropy_with_logits(z, t, reduction: nn.Reduction.Sum), 1e-14);
    }

    [Fact]
    public void DistanceLosses_FollowTheirFormulas()
    {
        var a = tensor(new[] { 0.0, 0.0, 0.0 });
        var b = tensor(new[] { 0.5, -1.0, 3.0 });
        Expect.Near((0.25 + 1 + 9) / 3, nn.MSELoss().call(a, b), 1e-15);
        Expect.Near(4.5, nn.L1Loss(nn.Reduction.Sum).call(a, b), 1e-15);
        Expect.Near((0.125 + 0.5 + 2.5) / 3, nn.SmoothL1Loss().call(a, b), 1e-15);
        Expect.Near((0.125 + 0.5 + 2.5) / 3, nn.HuberLoss().call(a, b), 1e-15);
        Expect.Near([0.25, 1, 9], nn.functional.mse_loss(a, b, nn.Reduction.None), 1e-15);
    }

    [Fact]
    public void KlDivergence_TakesALogTargetUnlessTold()
    {
        var p = tensor(new[] { 0.25, 0.75 });
        var q = tensor(new[] { 0.5, 0.5 });
        var expected = (0.25 * Math.Log(0.25 / 0.5)) + (0.75 * Math.Log(0.75 / 0.5));
        Expect.Near(expected, nn.KLDivLoss(reduction: nn.Reduction.Sum).call(q.log(), p.log()), 1e-15);
        Expect.Near(expected, nn.KLDivLoss(log_target: false, reduction: nn.Reduction.Sum).call(q.log(), p), 1e-15);
    }
}
