using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

public sealed class ResumeTests : IDisposable
{
    private const string HowToGoOn = "; that was before the run was resumed, so nothing more was trained: to go on, set ResumeStopped = true and change what stopped it";

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Optimizers => ["SGD", "SGD with momentum", "Adam", "AdamW with AMSGrad", "RMSProp", "Adagrad"];

    private string Root => folder.Root;

    [Fact]
    public void Fit_InterruptedAfterAnyStep_ResumesToTheSameBits()
    {
        var whole = Job.Run();

        for (var iteration = 0; iteration < Job.Options.Epochs * Job.StepsPerEpoch; iteration++)
        {
            var run = Path.Combine(Root, $"{iteration}");
            var options = Job.Options with { ResumeFrom = run };
            Job.RunUntil(iteration, options, run);
            var resumed = new Recorder();

            var outcome = Job.Run(options, [resumed]);

            Assert.Equal(whole, outcome);
            Assert.Equal("step 24", resumed.Calls.Last(call => call.StartsWith("step", StringComparison.Ordinal)));
            Assert.Equal($"step {iteration + 1}", resumed.Calls.First(call => call.StartsWith("step", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Fit_ResumedWithAnyOptimizer_GivesTheSameBits(string optimizer)
    {
        var options = Job.Options with { Epochs = 2, Optimizer = Make(optimizer), ResumeFrom = Root };
        var whole = Job.Run(options);
        Job.RunUntil(8, options, Root);

        Assert.Equal(whole, Job.Run(options));
    }

    [Fact]
    public void Fit_InterruptedAgainAndAgain_ResumesToTheSameBits()
    {
        var whole = Job.Run();
        var options = Job.Options with { ResumeFrom = Root };
        foreach (var iteration in new[] { 1, 2, 3, 6, 11, 12, 13, 20, 23 })
        {
            Job.RunUntil(iteration, options, Root);
        }

        Assert.Equal(whole, Job.Run(options, [new ModelCheckpoint(Root)]));
    }

    [Fact]
    public void Fit_FullBatch_ResumesToTheSameBits()
    {
        var options = Job.Options with { BatchSize = null, Epochs = 9, ResumeFrom = Root };
        var whole = Job.Run(options);
        Job.RunUntil(5, options, Root);

        Assert.Equal(whole, Job.Run(options));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Fit_ParametersNoLongerUsed_MoveAfterResumingAsTheyDidBefore(int stepsUsed)
    {
        // Weight decay moves a parameter whose gradient is 0, but not one that has none.
        var options = Job.Options with { Optimizer = parameters => optim.SGD(parameters, 0.05, momentum: 0.9, weight_decay: 0.1), Penalties = [], ResumeFrom = Root };
        var whole = RunWithIdleLayer(stepsUsed, options);
        Assert.Throws<InvalidTimeZoneException>(() => RunWithIdleLayer(stepsUsed, options, new ModelCheckpoint(Root) { EverySteps = 1 }, new Recorder
        {
            StepEnd = context => ThrowAfter(9, context),
        }));

        Assert.Equal(whole, RunWithIdleLayer(stepsUsed, options));
    }

    [Fact]
    public void Fit_LayersThatLearnTheirRates_ResumeToTheSameBitsAndRates()
    {
        var options = Job.Options with { Penalties = [] };
        using var whole = LearningModel();
        var expected = Outcome.Of(whole, Job.Fit(whole, options));
        foreach (var iteration in new[] { 3, 12, 20 })
        {
            var run = Path.Combine(Root, $"{iteration}");
            using var interrupted = LearningModel();
            Job.FitUntil(iteration, interrupted, options, run);
            using var resumed = LearningModel();

            Assert.Equal(expected, Outcome.Of(resumed, Job.Fit(resumed, options with { ResumeFrom = run })));
        }

        Assert.Contains(" concrete 0.", expected.History);
        Assert.Contains(" variational 0.", expected.History);
    }

    [Fact]
    public void Fit_NothingSavedYet_BeginsAtTheBeginning()
    {
        Resumption? resumed = null;
        var outcome = Job.Run(Job.Options with { ResumeFrom = Path.Combine(Root, "not", "yet") }, [new Recorder { StepEnd = context => resumed = context.Resumed }]);

        Assert.Null(resumed);
        Assert.Equal(Job.Run(), outcome);
    }

    [Fact]
    public void Fit_ResumedWhenDone_TrainsNoFurther()
    {
        var options = Job.Options with { ResumeFrom = Root };
        var whole = Job.Run(options, [new ModelCheckpoint(Root)]);
        var recorder = new Recorder();

        Assert.Equal(whole, Job.Run(options, [recorder]));
        Assert.Equal(["fit begins", "fit ends"], recorder.Calls);
    }

    [Fact]
    public void Fit_ResumedWithMoreEpochs_GoesOnAsIfTheyHadBeenAskedForAtOnce()
    {
        Job.Run(Job.Options with { Epochs = 2 }, [new ModelCheckpoint(Root)]);

        Assert.Equal(Job.Run(), Job.Run(Job.Options with { ResumeFrom = Root }));
    }

    [Fact]
    public void Fit_CallbackPutsOtherWeightsBackAtTheEnd_IsResumedFromTheLastOnes()
    {
        Job.Run(Job.Options with { Epochs = 2 }, [new ModelCheckpoint(Root) { EveryEpochs = null }, new Restorer()]);

        Assert.Equal(Job.Run(), Job.Run(Job.Options with { ResumeFrom = Root }));
    }

    [Fact]
    public void Fit_ResumedFromBestFile_GoesOnFromThere()
    {
        var checkpoint = new ModelCheckpoint(Root);
        var whole = Job.Run(callbacks: [checkpoint]);

        Assert.Equal(whole, Job.Run(Job.Options with { ResumeFrom = checkpoint.Best }));
    }

    [Theory]
    [InlineData(true, 9)]
    [InlineData(true, 12)]
    [InlineData(false, 9)]
    public void Fit_StoppedByACallback_StaysStoppedWhenTheStopIsFinal(bool isFinal, int iteration)
    {
        var options = Job.Options with { ResumeFrom = Root };
        var stop = new Recorder { StepEnd = context => RequestStop(context, iteration, isFinal) };
        var stopped = Job.Run(options, [stop, new ModelCheckpoint(Root) { EverySteps = 1 }]);

        Assert.EndsWith("enough", stopped.History);
        Assert.Equal(isFinal ? stopped with { History = stopped.History + HowToGoOn } : Job.Run(), Job.Run(options));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(12)]
    public void Fit_StoppedByACallbackAndResumedAgainAndAgain_SaysHowToGoOnOnce(int iteration)
    {
        var options = Job.Options with { ResumeFrom = Root };
        Job.Run(options, [new Recorder { StepEnd = context => RequestStop(context, iteration, isFinal: true) }, new ModelCheckpoint(Root)]);
        using var written = new StringWriter { NewLine = "\n" };

        string? reason = null;
        foreach (var _ in new[] { 1, 2 })
        {
            using var model = Job.Model();
            var progress = new ProgressLog(written, "run");
            reason = Job.Fit(model, options, [new ModelCheckpoint(Root), progress]).StopReason;
        }

        Assert.Equal("enough" + HowToGoOn, reason);
        var line = $"run  stopped after {iteration / Job.StepsPerEpoch} epoch{(iteration == 9 ? "" : "s")}: enough{HowToGoOn}\n";
        Assert.Equal(line + line, written.ToString());
    }

    [Theory]
    [InlineData(9)]
    [InlineData(12)]
    public void Fit_ResumeStopped_GoesOnAsIfNeverStopped(int iteration)
    {
        var options = Job.Options with { ResumeFrom = Root };
        Job.Run(options, [new Recorder { StepEnd = context => RequestStop(context, iteration, isFinal: true) }, new ModelCheckpoint(Root)]);

        Assert.Equal(Job.Run(), Job.Run(options with { ResumeStopped = true }, [new ModelCheckpoint(Root)]));
        Assert.Equal(Job.Run(), Job.Run(options));
    }

    [Fact]
    public void Fit_StoppedInTheLastStepOfAnEpochAndKilledThere_FinishesTheEpochAsTheWholeRunDoes()
    {
        var options = Job.Options with { ResumeFrom = Root };
        Recorder Stop() => new() { StepEnd = context => RequestStop(context, 12, isFinal: true) };
        var whole = Job.Run(options, [Stop()]);
        var kill = new Recorder { EpochEnd = (_, record) => ThrowIf(record.Epoch == 1) };
        Assert.Throws<InvalidTimeZoneException>(() => Job.Run(options, [Stop(), kill, new ModelCheckpoint(Root) { EverySteps = 1 }]));

        Assert.Equal(whole, Job.Run(options, [Stop()]));
    }

    [Fact]
    public void Fit_Cancelled_SavesAndSaysHowToGoOn()
    {
        var options = Job.Options with { ResumeFrom = Root };
        using var cancellation = new CancellationTokenSource();
        var cancel = new Recorder { StepEnd = context => CancelAfter(8, context, cancellation) };

        var e = Assert.Throws<OperationCanceledException>(() => Job.Run(options, [new ModelCheckpoint(Root), cancel], cancellation.Token));

        Assert.Equal($"training was cancelled after 1 epoch and 2 steps; set ResumeFrom to '{Root}' to go on from there.", e.Message);
        Assert.Equal(cancellation.Token, e.CancellationToken);
        Assert.Equal(Job.Run(), Job.Run(options));
    }

    [Fact]
    public void Fit_CancelledWithoutCheckpoints_SaysSo()
    {
        using var cancellation = new CancellationTokenSource();
        var cancel = new Recorder { StepEnd = context => CancelAfter(6, context, cancellation) };

        var e = Assert.Throws<OperationCanceledException>(() => Job.Run(null, [cancel], cancellation.Token));

        Assert.Equal("training was cancelled after 1 epoch and 0 steps; nothing was saved, as there was no ModelCheckpoint.", e.Message);
    }

    [Fact]
    public void Fit_Resumed_TellsCallbacksWhereAndKeepsTheTimeSpent()
    {
        var options = Job.Options with { ResumeFrom = Root };
        var calls = 0;
        var slow = new Objective(
            (outputs, labels) =>
            {
                Thread.Sleep(++calls == 9 ? 60 : 0);
                return Objective.Classification.Loss(outputs, labels);
            },
            Objective.Classification.CountErrors);
        Job.RunUntil(8, options with { Objective = slow }, Root);
        Resumption? resumed = null;
        EpochRecord? record = null;

        Job.Run(options, [new Recorder { StepEnd = context => resumed = context.Resumed, EpochEnd = (_, ended) => record ??= ended }]);

        Assert.Equal(new Resumption(Path.Combine(Root, "last.ckpt"), 1, 8, null), resumed);
        Assert.True(record!.Seconds > 0.06, $"{record.Seconds} s");
    }

    [Fact]
    public void Fit_ResumedWithCallbacksThatRemember_GivesThemTheirMemory()
    {
        var options = Job.Options with { ResumeFrom = Root };
        using var wholeBest = new BestWeights();
        var whole = new Counter("one");
        Job.Run(options, [whole, wholeBest]);
        using var before = new BestWeights();
        Job.RunUntil(15, options, Root, new Counter("one"), before, new Counter("hundred", 100));
        using var best = new BestWeights();
        var (counter, other, late) = (new Counter("one"), new Counter("hundred"), new Counter("late"));

        // Neither their order nor one more of the type lets one take the memory of another.
        Job.Run(options, [late, other, best, counter]);

        Assert.Equal((24, 1509, 9), (counter.Count, other.Count, late.Count));
        Assert.Equal(24, whole.Count);
        Assert.Equal((wholeBest.Epoch, wholeBest.Cost), (best.Epoch, best.Cost));
        Assert.Equal(Restored(wholeBest), Restored(best));
    }

    public void Dispose() => folder.Dispose();

    private static string Restored(BestWeights best)
    {
        using var model = Job.Model();
        best.Restore(model);
        return Outcome.StateOf(model);
    }

    private static Func<IEnumerable<Parameter>, optim.Optimizer> Make(string optimizer) => optimizer switch
    {
        "SGD" => parameters => optim.SGD(parameters, 0.05),
        "SGD with momentum" => parameters => optim.SGD(parameters, 0.05, momentum: 0.9, nesterov: true),
        "Adam" => parameters => optim.Adam(parameters, 0.01, weight_decay: 0.01),
        "AdamW with AMSGrad" => parameters => optim.AdamW(parameters, 0.01, amsgrad: true),
        "RMSProp" => parameters => optim.RMSProp(parameters, 0.01, momentum: 0.5, centered: true),
        _ => parameters => optim.Adagrad(parameters, 0.01),
    };

    private static Outcome RunWithIdleLayer(int stepsUsed, TrainerOptions options, params Callback[] callbacks)
    {
        using var train = Models.Clouds(Job.Samples, 1);
        manual_seed(7);
        using var model = new IdleLayer(stepsUsed);
        return Outcome.Of(model, Trainer.Fit(model, train, null, options, callbacks));
    }

    private static Sequential LearningModel()
    {
        manual_seed(7);
        var output = nn.Linear(16, 3);
        return nn.Sequential(
            ("hidden", nn.DropConnectLinear(4, 16, 0.2)),
            ("relu", nn.ReLU()),
            ("concrete", nn.ConcreteDropout(16, options: new ConcreteDropoutOptions { Next = output, DropoutRegularizer = 0.01 })),
            ("variational", nn.VariationalDropout(16, divergence_weight: 0.01)),
            ("output", output));
    }

    private static void RequestStop(FitContext context, int iteration, bool isFinal)
    {
        if (context.Iteration == iteration)
        {
            context.RequestStop("enough", isFinal);
        }
    }

    private static void CancelAfter(int iteration, FitContext context, CancellationTokenSource cancellation)
    {
        if (context.Iteration == iteration)
        {
            cancellation.Cancel();
        }
    }

    private static void ThrowAfter(int iteration, FitContext context) => ThrowIf(context.Iteration == iteration);

    private static void ThrowIf(bool condition)
    {
        if (condition)
        {
            throw new InvalidTimeZoneException("from the callback");
        }
    }

    private sealed class IdleLayer : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> used = nn.Linear(4, 3);
        private readonly nn.Module<Tensor, Tensor> idle = nn.Linear(4, 3);
        private readonly Tensor steps = zeros([], ScalarType.Int64);
        private readonly int stepsUsed;

        public IdleLayer(int stepsUsed)
            : base(nameof(IdleLayer))
        {
            this.stepsUsed = stepsUsed;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var isUsed = steps.item<long>() < stepsUsed;
            steps.add_(1);
            return isUsed ? used.call(input) + idle.call(input) : used.call(input);
        }

        protected override void Dispose(bool disposing)
        {
            used.Dispose();
            idle.Dispose();
            steps.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Restorer : Callback
    {
        public override void OnFitEnd(FitContext context)
        {
            using var noGradients = no_grad();
            foreach (var parameter in context.Model.parameters())
            {
                parameter.zero_();
            }
        }
    }

    private sealed class Counter(string key, int step = 1) : Callback, IStateful
    {
        public string Key => key;

        public int Count { get; private set; }

        public override void OnStepEnd(FitContext context) => Count += step;

        public void ResetState() => Count = 0;

        public System.Text.Json.Nodes.JsonNode SaveState() => Count;

        public void LoadState(System.Text.Json.Nodes.JsonNode state, IReadOnlyDictionary<string, Tensor> tensors) => Count = state.GetValue<int>();
    }
}
