using NsDropoutTorch.Training.Callbacks;

namespace NsDropoutTorch.Training.Tests;

public sealed class ProgressLineTests
{
    private static readonly EpochRecord Record = new(36, 0.2310449, 0, 0.0531, 0.3, 0.061, 0.005, 0.1);

    [Fact]
    public void Format_WithSelection_TellsEpochLossErrorsAndTimeLeft() => Assert.Equal(
        "epoch  37/180  loss 0.2310  error  5.31 %  selection  6.10 %  0:14 left",
        ProgressLine.Format(Record, 180, TimeSpan.FromSeconds(3.7)));

    [Fact]
    public void Format_WithoutSelection_LeavesItOut() => Assert.Equal(
        "epoch 37/37  loss 0.2310  error  5.31 %  0:00 left",
        ProgressLine.Format(Record with { SelectionError = null }, 37, TimeSpan.FromSeconds(3.7)));

    [Fact]
    public void Format_WithPenalties_TellsTheSumAndItsParts() => Assert.Equal(
        "epoch 37/37  loss 0.2315 (data loss 0.2310, regularization loss 0.0005)  error  5.31 %  0:00 left",
        ProgressLine.Format(Record with { SelectionError = null, PenaltyLoss = 0.0005 }, 37, TimeSpan.FromSeconds(3.7)));

    [Fact]
    public void Format_WithLearnedRates_TellsThemInTheModelsOrder() => Assert.Equal(
        "epoch 37/37  loss 0.2310  error  5.31 %  p 0.104 0.331  0:00 left",
        ProgressLine.Format(
            Record with { SelectionError = null, LearnedRates = new([new("late", 0.10449), new("early", 0.3312)]) }, 37, TimeSpan.FromSeconds(3.7)));

    [Fact]
    public void Format_Hours_AreShown() => Assert.EndsWith(
        "  0.01:03:20 left", ProgressLine.Format(Record with { Epoch = 0 }, 101, TimeSpan.FromSeconds(38)), StringComparison.Ordinal);

    // 20 of 50 epochs were done when it was resumed; 10 more took 10 seconds.
    [Fact]
    public void TimeLeft_Resumed_GoesByWhatWasTrainedSince() =>
        Assert.Equal(TimeSpan.FromSeconds(20), ProgressLine.TimeLeft(30, 50, TimeSpan.FromSeconds(10), epochsBefore: 20));

    [Fact]
    public void TimeLeft_NothingTrainedSince_IsNotKnown()
    {
        Assert.Null(ProgressLine.TimeLeft(37, 50, TimeSpan.FromSeconds(10), epochsBefore: 37));
        Assert.EndsWith("  selection  6.10 %  time left unknown", ProgressLine.Format(Record, 180, TimeSpan.FromSeconds(1), epochsBefore: 37), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "", "━━━━")]
    [InlineData(0.5, "━━", "━━")]
    [InlineData(0.99, "━━━", "━")]
    [InlineData(1, "━━━━", "")]
    public void Bar_Fraction_FillsWholeCells(double fraction, string done, string left) =>
        Assert.Equal((done, left), ProgressLine.Bar(fraction, 4));
}
