using NsDropoutTorch.Training.Tests.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

public sealed class ResumeTests : IDisposable
{
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
        Assert.Equal(isFinal ? stopped : Job.Run(), Job.Run(options));
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

        Assert.Equal($"training was cancelled after 1 epochs and 2 steps; set ResumeFrom to '{Root}' to go on from there.", e.Message);
        Assert.Equal(cancellation.Token, e.CancellationToken);
        Assert.Equal(Job.Run(), Job.Run(options));
    }

    [Fact]
    public void Fit_CancelledWithoutCheckpoints_SaysSo()
    {
        using var cancellation = new CancellationTokenSource();
        var cancel = new Recorder { StepEnd = context => CancelAfter(6, context, cancellation) };

        var e = Assert.Throws<OperationCanceledException>(() => Job.Run(null, [cancel], cancellation.Token));

        Assert.Equal("training was cancelled after 1 epochs and 0 steps; nothing was saved, as there was no ModelCheckpoint.", e.Message);
    }

    [Fact]
    public void Fit_Resumed_TellsCallbacksWhereAndKeepsTheTimeSpent()
    {
        var options = Job.Options with { ResumeFrom = Root };
        Job.RunUntil(8, options, Root, new Recorder { StepEnd = context => Thread.Sleep(context.Iteration == 7 ? 60 : 0) });
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
        var (whole, wholeOther) = (new Counter(), new Counter());
        Job.Run(options, [whole, wholeBest, wholeOther]);
        using var before = new BestWeights();
        Job.RunUntil(15, options, Root, new Counter(), before, new Counter { Count = 100 });
        using var best = new BestWeights();
        var (counter, other) = (new Counter(), new Counter());

        Job.Run(options, [counter, best, other]);

        Assert.Equal((24, 124), (counter.Count, other.Count));
        Assert.Equal(24, whole.Count);
        Assert.Equal((wholeBest.Epoch, wholeBest.Error), (best.Epoch, best.Error));
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
            ("variational", nn.VariationalDropout(16, divergenceWeight: 0.01)),
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

    private sealed class Counter : Callback, IStateful
    {
        public int Count { get; set; }

        public override void OnStepEnd(FitContext context) => Count++;

        public System.Text.Json.Nodes.JsonNode SaveState() => Count;

        public void LoadState(System.Text.Json.Nodes.JsonNode state, IReadOnlyDictionary<string, Tensor> tensors) => Count = state.GetValue<int>();
    }
}
