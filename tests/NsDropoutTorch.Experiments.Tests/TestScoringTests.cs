using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class TestScoringTests
{
    [Fact]
    public void Score_ModelThatNeverSeesLabels_HasNoLabelFigures()
    {
        using var test = Data(40);
        using var model = new AlwaysZero();

        var scores = TestScoring.Score(model, test, 4, seed: 1);

        Assert.Equal(0.75, scores.Error);
        Assert.Equal([[10, 0, 0, 0], [10, 0, 0, 0], [10, 0, 0, 0], [10, 0, 0, 0]], scores.Confusion);
        Assert.Null(scores.ErrorLabelMask);
        Assert.Null(scores.MaskFollowingRate);
    }

    [Fact]
    public void Score_ModelThatReadsTheLabel_IsShownUp()
    {
        using var test = Data(40);
        using var model = new Cheat(usesLabels: true) { EvalMode = EvalMode.LabelMask };

        var scores = TestScoring.Score(model, test, 4, seed: 1);

        Assert.Equal(0.75, scores.Error);
        Assert.Equal(0, scores.ErrorLabelMask);
        Assert.Equal(1, scores.MaskFollowingRate);
        Assert.Equal(0.5, scores.ErrorMeanMask);
        Assert.Equal(EvalMode.Identity, model.EvalMode);
    }

    [Fact]
    public void Score_ModelAtTheMeanMask_IsScoredWithIt()
    {
        using var test = Data(40);
        using var model = new Cheat(usesLabels: true) { EvalMode = EvalMode.MeanMask };

        var scores = TestScoring.Score(model, test, 4, seed: 1);

        Assert.Equal((0.5, 0.5), (scores.Error, scores.ErrorMeanMask));
        Assert.Equal(0, scores.ErrorLabelMask);
        Assert.Equal(EvalMode.MeanMask, model.EvalMode);
    }

    [Fact]
    public void Score_MaskWithoutLabels_HasNoLabelFigures()
    {
        using var test = Data(40);
        using var model = new Cheat(usesLabels: false);

        var scores = TestScoring.Score(model, test, 4, seed: 1);

        Assert.Null(scores.ErrorLabelMask);
        Assert.Null(scores.MaskFollowingRate);
    }

    [Fact]
    public void Score_RandomLabels_AreSeededAndCoverAllClasses()
    {
        using var test = Data(400);
        using var model = new Cheat(usesLabels: true);

        TestScoring.Score(model, test, 4, seed: 1);
        var first = model.LastLabels;
        TestScoring.Score(model, test, 4, seed: 1);
        var again = model.LastLabels;
        TestScoring.Score(model, test, 4, seed: 2);

        Assert.Equal(first, again);
        Assert.NotEqual(first, model.LastLabels);
        Assert.Equal([0L, 1, 2, 3], first.Distinct().Order());
    }

    [Fact]
    public void Score_LeavesNoTensorBehind()
    {
        using var test = Data(40);
        using var model = new Cheat(usesLabels: true);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        TestScoring.Score(model, test, 4, seed: 1);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static TensorData Data(int count)
    {
        using var scope = NewDisposeScope();
        return new(zeros(count, 2), arange(count, dtype: ScalarType.Int64).remainder(4));
    }

    private sealed class AlwaysZero() : nn.Module<Tensor, Tensor>(nameof(AlwaysZero))
    {
        public override Tensor forward(Tensor input) => nn.functional.one_hot(zeros([input.shape[0]], dtype: ScalarType.Int64), 4).to(ScalarType.Float32);
    }

    /// <summary>Answers with the label it was given, or with class 0 when told to look away.</summary>
    private sealed class Cheat(bool usesLabels) : nn.Module<Tensor, Tensor>(nameof(Cheat)), ILabelMasked
    {
        public EvalMode EvalMode { get; set; }

        public bool UsesLabels => usesLabels;

        public Tensor class_masks => throw new NotSupportedException();

        public Tensor Gaps() => throw new NotSupportedException();

        public long[] LastLabels { get; private set; } = [];

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var classes = zeros([input.shape[0]], dtype: ScalarType.Int64);
            if (EvalMode == EvalMode.LabelMask)
            {
                classes = LabelScope.Current!.For(input.shape[0], 4, CPU).clone();
                LastLabels = classes.data<long>().ToArray();
            }

            if (EvalMode == EvalMode.MeanMask)
            {
                classes = arange(input.shape[0], dtype: ScalarType.Int64).remainder(4).clamp_max(1);
            }

            return nn.functional.one_hot(classes, 4).to(ScalarType.Float32).MoveToOuterDisposeScope();
        }
    }
}
