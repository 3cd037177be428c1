namespace NsDropoutTorch.Benchmarks.Tests;

public sealed class ContestTests
{
    private readonly List<string> _said = [];
    private readonly HandClock _clock = new();
    private int _calls;

    [Fact]
    public void RunOnce_EqualRounds_RunsEachOnceAndSaysNothing()
    {
        Assert.Equal(10_000, Run(round => round == 3 ? 90 : 10)["action"]);
        Assert.Equal((4, 0), (_calls, _said.Count));
    }

    [Fact]
    public void RunOnce_OneFastRound_RunsAsManyAgainAndSaysThatTheyAgree()
    {
        Assert.Equal(10_000, Run(round => round is 1 or 6 ? 10 : 13)["action"]);
        Assert.Equal(8, _calls);
        Assert.Equal(["loops: equal rounds of action differed by 30 %, so more were run, and all agree now."], _said);
    }

    [Fact]
    public void RunOnce_OneFastRoundOfEight_SaysThatTheyStillDiffer()
    {
        Assert.Equal(10_000, Run(round => round is 1 ? 10 : 12)["action"]);
        Assert.Equal(["loops: equal rounds of action differed by 20 %, so more were run, and those of action differ by 20 %."], _said);
    }

    [Fact]
    public void RunOnce_ErraticContestant_IsNotRunAgainAndHasAnAverage()
    {
        var contest = Contest().Add("erratic", () => _clock.Pass(_calls++ == 1 ? 10 : 50), isErratic: true);

        Assert.Equal(10_000, contest.RunOnce()["erratic"]);

        Assert.Equal((40_000, 4, 0), (contest.AverageOf("erratic"), _calls, _said.Count));
    }

    [Fact]
    public void RunOnce_LongRounds_EndsWithTheRoundInWhichTheTimeIsOver()
    {
        Run(_ => 400);
        Assert.Equal(3, _calls);
    }

    // A round takes as many milliseconds as the function of its number says; a second is all there is.
    private IReadOnlyDictionary<string, double> Run(Func<int, int> milliseconds) => Contest().Add("action", () => _clock.Pass(milliseconds(_calls++))).RunOnce();

    private Contest Contest() => new(new(4, 1, 1, 1) { Longest = TimeSpan.FromSeconds(1), Say = _said.Add }, "loops", _clock);

    private sealed class HandClock : TimeProvider
    {
        private long _milliseconds;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _milliseconds;

        public void Pass(int milliseconds) => _milliseconds += milliseconds;
    }
}
