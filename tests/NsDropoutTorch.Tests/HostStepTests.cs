using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>A step in host memory against the same step by operators: the same bits, for every width that fills vectors or does not, with one thread and with two.</summary>
public sealed class HostStepTests
{
    public HostStepTests() => manual_seed(1);

    public static TheoryData<long, long, long, int> Shapes => new()
    {
        { 1, 1, 1, 1 }, { 5, 3, 2, 1 }, { 32, 7, 10, 1 }, { 64, 31, 4, 1 }, { 64, 32, 4, 1 }, { 64, 33, 4, 1 }, { 200, 100, 40, 1 },
        { 256, 512, 10, 1 }, { 256, 517, 10, 2 }, { 2_001, 129, 3, 2 }, { 3, 70_000, 2, 2 }, { 66, 37, 1, 1 }, { 257, 1_030, 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gaps_HaveTheBitsOfTheOperators(long rows, long width, long classes, int threads)
    {
        using var used = new UsedThreads(threads);
        using var scope = NewDisposeScope();
        var (input, labels) = Batch(rows, width, classes);
        var (means, counts) = (randn(classes, width), arange(classes).remainder(3));
        foreach (var absolute in new[] { false, true })
        {
            var (gaps, known) = (empty(classes, width), empty(classes, ScalarType.Bool));

            HostGaps.Compute(input, labels, (means, counts), absolute, gaps, known);

            var seen = NSDropoutMath.ClassCounts(labels, classes);
            var expected = NSDropoutMath.Gap(NSDropoutMath.ClassSums(input, labels, classes).div_(seen.unsqueeze(1)), means, absolute);
            Assert.Equal(expected.data<float>().ToArray(), gaps.data<float>().ToArray());
            Assert.Equal(seen.gt(0).logical_and(counts.gt(0)).data<bool>().ToArray(), known.data<bool>().ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Masks_MultipliedForwardBackwardAndAgain_HaveTheBitsOfTheOperators(long rows, long width, long classes, int threads)
    {
        using var used = new UsedThreads(threads);
        using var scope = NewDisposeScope();
        var (input, labels) = Batch(rows, width, classes);
        var masks = rand(classes, width).gt(0.3);
        var upstream = randn(rows, width).requires_grad_();

        foreach (var x in new[] { input.detach(), input.detach().requires_grad_() })
        {
            var expected = NSDropoutMath.MultiplyByOperators(x, masks, labels, 1.7);
            var actual = new HostClassMasks(masks, labels, 1.7).Multiply(x);

            AssertSameBits(expected, actual);
            if (x.requires_grad)
            {
                var (first, second) = (Gradient(expected), Gradient(actual));
                AssertSameBits(first, second);
                AssertSameBits(Again(first), Again(second));
            }

            Tensor Gradient(Tensor output) => autograd.grad([output], [x], [upstream], create_graph: true)[0];
        }

        Tensor Again(Tensor gradient) => autograd.grad([gradient], [upstream], [ones_like(gradient)])[0];
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1_024)]
    public void Graph_KeepsItsMasksAndLabels_WhateverBecomesOfThem(long width)
    {
        using var scope = NewDisposeScope();
        var (input, labels) = Batch(64, width, 5);
        var masks = rand(5, width).gt(0.3);
        var x = input.requires_grad_();
        var expected = autograd.grad([NSDropoutMath.MultiplyByOperators(x, masks, labels, 2).sum()], [x])[0];

        var output = new HostClassMasks(masks, labels, 2).Multiply(x).sum();
        masks.fill_(true);
        labels.fill_(0);

        AssertSameBits(expected, autograd.grad([output], [x])[0]);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1_024)]
    public void Graph_WalkedOften_LeavesNoTensorBehind(long width)
    {
        using var scope = NewDisposeScope();
        var (input, labels) = Batch(64, width, 5);
        var masks = rand(5, width).gt(0.3);
        var x = input.requires_grad_();
        void Walk()
        {
            using var inner = NewDisposeScope();
            autograd.grad([new HostClassMasks(masks, labels, 2).Multiply(x.mul(2)).sum()], [x]);
        }

        Walk();
        var before = Live();
        for (var i = 0; i < 50; i++) Walk();

        Assert.InRange(Live(), long.MinValue, before);

        // What was left to the finalizer, here and by other tests, is freed by then.
        static long Live()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Layer_OfContiguousInputsAndOfOthers_LearnsTheSameMasks(bool keepLargest)
    {
        using var scope = NewDisposeScope();
        using var inPlace = torch.nn.NSDropout(130, 4, 0.3, new NSDropoutOptions { KeepLargest = keepLargest });
        using var byOperators = torch.nn.NSDropout(130, 4, 0.3, new NSDropoutOptions { KeepLargest = keepLargest });
        foreach (var layer in new[] { inPlace, byOperators })
            layer.CacheValidation(randn([50, 130], generator: new Generator(5)), arange(50).remainder(3));
        for (var step = 0; step < 4; step++)
        {
            var (input, labels) = Batch(step == 1 ? 2 : 60, 130, 4);

            var expected = byOperators.forward(input.t().contiguous().t(), labels);

            AssertSameBits(expected, inPlace.forward(input, labels));
            Assert.Equal(byOperators.class_masks.data<bool>().ToArray(), inPlace.class_masks.data<bool>().ToArray());
            AssertSameBits(byOperators.Gaps(), inPlace.Gaps());
        }
    }

    [Fact]
    public void NotFinite_StaysWhereItWas()
    {
        using var scope = NewDisposeScope();
        var input = ones(2, 40);
        input[0, 3] = float.NaN;
        input[1, 4] = float.PositiveInfinity;
        var masks = zeros(1, 40, ScalarType.Bool);

        var output = NSDropoutMath.Apply(input, masks, zeros(2, ScalarType.Int64));

        Assert.Equal([float.NaN, float.NaN, 0f], [output[0, 3].item<float>(), output[1, 4].item<float>(), output[0, 4].item<float>()]);
    }

    [Fact]
    public void Labels_ThatAreNoClasses_AreRefusedAndOtherShapesLeftToTheOperators()
    {
        using var scope = NewDisposeScope();
        var masks = ones(2, 4, ScalarType.Bool);

        var refused = Assert.Throws<ArgumentException>(() => NSDropoutMath.Apply(rand(3, 4), masks, tensor(new long[] { 0, 2, 1 })));

        Assert.StartsWith("labels must hold class indices in [0, 2), but got 2 at row 1.", refused.Message, StringComparison.Ordinal);
        Assert.False(HostClassMasks.Reaches(rand(3, 4), masks, zeros(2, ScalarType.Int64)));
        Assert.False(HostClassMasks.Reaches(rand(3, 5), masks, zeros(3, ScalarType.Int64)));
    }

    private static (Tensor Input, Tensor Labels) Batch(long rows, long width, long classes) =>
        (randn(rows, width), randint(Math.Max(1, classes - 1), [rows], dtype: ScalarType.Int64));

    private static void AssertSameBits(Tensor expected, Tensor actual) =>
        Assert.Equal(expected.contiguous().data<float>().ToArray().Select(BitConverter.SingleToInt32Bits), actual.contiguous().data<float>().ToArray().Select(BitConverter.SingleToInt32Bits));

    private sealed class UsedThreads : IDisposable
    {
        private readonly int before = get_num_threads();

        public UsedThreads(int threads) => set_num_threads(threads);

        public void Dispose() => set_num_threads(before);
    }
}
