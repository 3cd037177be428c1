using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.TensorBoard;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.TensorBoard;

public sealed class TensorBoardLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Run => Path.Combine(folder.Root, "run");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Fit_Scalars_AreTheHistoryAndEveryThirdLoss()
    {
        var losses = new Dictionary<long, float>();
        var recorder = new Recorder { StepEnd = context => losses[context.Iteration] = (float)context.Loss!.ToDouble() };

        var history = Fit(2, new TensorBoardLog(Run) { EverySteps = 3 }, recorder).History;

        var scalars = EventFile.Scalars(EventFile.ReadFolder(Run)).ToLookup(scalar => scalar.Tag, scalar => (scalar.Step, scalar.Value));
        Assert.Equal([3L, 6], scalars["loss/step"].Select(entry => entry.Step));
        Assert.All(scalars["loss/step"], entry => Assert.Equal(losses[entry.Step], entry.Value));
        Assert.Equal([(3L, 0.001f), (6L, 0.001f)], scalars["learning_rate/step"]);
        void AssertCurve(string tag, Func<EpochRecord, double?> of) => Assert.Equal(history.Select(record => (4L * (record.Epoch + 1), (float)of(record)!)), scalars[tag]);
        AssertCurve("loss/train", record => record.TrainLoss);
        AssertCurve("loss/validation", record => record.SelectionLoss);
        AssertCurve("error/train", record => record.TrainError);
        AssertCurve("error/validation", record => record.SelectionError);
        AssertCurve("learning_rate/epoch", record => record.LearningRate);
        AssertCurve("seconds/epoch", record => record.Seconds);
        Assert.Equal(8, scalars.Count);
    }

    [Fact]
    public void Fit_LearnedRateAndItsTerm_AreLogged()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp(nn.ConcreteDropout(16));

        var record = Trainer.Fit(model, data, null, new() { Epochs = 1 }, [new TensorBoardLog(Run)]).History.Single();

        var scalars = EventFile.Scalars(EventFile.ReadFolder(Run)).ToDictionary(scalar => scalar.Tag, scalar => scalar.Value);
        Assert.Equal((float)record.LearnedRates["layer"], scalars["drop_rate/layer"]);
        Assert.Equal((float)record.PenaltyLoss, scalars["loss/penalty"]);
        Assert.DoesNotContain("loss/validation", scalars.Keys);
    }

    [Fact]
    public void Fit_Resumed_AddsAFileThatSaysFromWhereItGoesOn()
    {
        using var data = Models.Clouds(64, 1);
        var options = new TrainerOptions { Epochs = 3, BatchSize = 16, ResumeFrom = Path.Combine(folder.Root, "checkpoints") };
        Callback[] Callbacks() => [new ModelCheckpoint(options.ResumeFrom), new TensorBoardLog(Run) { EverySteps = 1 }];
        using (var model = Models.Mlp())
        {
            var killer = new Recorder { StepEnd = context => _ = context.Iteration == 6 ? throw new InvalidTimeZoneException() : 0 };
            Assert.Throws<InvalidTimeZoneException>(() => Trainer.Fit(model, data, data, options, [.. Callbacks(), killer]));
        }

        using var second = Models.Mlp(seed: 2);
        Trainer.Fit(second, data, data, options, Callbacks());

        var events = EventFile.ReadFolder(Run);
        Assert.Equal(2, Directory.GetFiles(Run).Length);
        Assert.Equal([(1L, 1L), (5L, 1L)], events.Where(e => e.Has(7)).Select(e => (e.Integer(2), e.Message(7).Integer(1))));
        Assert.Equal([1L, 2, 3, 4, 5, 6, 5, 6, 7, 8, 9, 10, 11, 12], Steps(events, "loss/step"));
        Assert.Equal([4L, 8, 12], Steps(events, "loss/train"));
    }

    [Fact]
    public void Fit_HParams_EndWithARunThatIsOver()
    {
        using var cancelled = new CancellationTokenSource();
        var cancel = new Recorder { StepEnd = _ => cancelled.Cancel() };
        TensorBoardLog Log(string name) => new(Path.Combine(folder.Root, name)) { HParams = new Dictionary<string, object> { ["hidden"] = 16 } };

        Fit(1, Log("done"));
        Fit(9, Log("stopped"), new Recorder { EpochEnd = (context, _) => context.RequestStop("enough") });
        Assert.Throws<OperationCanceledException>(() => Fit(1, cancelled.Token, Log("cancelled"), cancel));

        string[] begin = ["_hparams_/experiment", "_hparams_/session_start_info"];
        Assert.Equal([.. begin, "_hparams_/session_end_info"], HParamsTags("done"));
        Assert.Equal([.. begin, "_hparams_/session_end_info"], HParamsTags("stopped"));
        Assert.Equal(begin, HParamsTags("cancelled"));
    }

    [Fact]
    public void Fit_Histograms_AreOfEverySecondEpoch()
    {
        Fit(4, new TensorBoardLog(Run) { HistogramsEveryEpochs = 2 });

        var histograms = (from e in EventFile.ReadFolder(Run) from summary in e.Messages(5) from value in summary.Messages(1) where value.Has(5)
                          select (Tag: value.Text(1), Step: e.Integer(2), Count: value.Message(5).Double(3))).ToLookup(entry => entry.Tag, entry => (entry.Step, entry.Count));
        string[] names = ["hidden.weight", "hidden.bias", "output.weight", "output.bias"];
        Assert.Equal(names.SelectMany(name => new[] { $"parameters/{name}", $"gradients/{name}" }), histograms.Select(group => group.Key));
        Assert.Equal([(8L, 64.0), (16L, 64.0)], histograms["parameters/hidden.weight"]);
        Assert.Equal([(8L, 3.0), (16L, 3.0)], histograms["gradients/output.bias"]);
    }

    [Fact]
    public void Fit_EachEpoch_AddsWhatItIsAskedTo()
    {
        Fit(2, new TensorBoardLog(Run) { EachEpoch = (events, context) => events.Text($"note {context.Epoch}", "hello", context.Iteration) });

        Assert.Equal("hello", EventFile.Value(EventFile.ReadFolder(Run), "note 2").Message(8).Text(8));
    }

    [Fact]
    public void Fit_WithoutStepScalars_ReadsNoLoss()
    {
        Fit(1, new TensorBoardLog(Run) { EverySteps = null });

        Assert.Empty(Steps(EventFile.ReadFolder(Run), "loss/step"));
    }

    [Fact]
    public void Fit_EverythingLogged_LeavesNoTensorAndClosesTheFile()
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var log = new TensorBoardLog(Run) { EverySteps = 1, HistogramsEveryEpochs = 1, EachEpoch = (events, context) => events.Image("noise", rand(4, 4), context.Iteration) };

        Trainer.Fit(model, data, data, new() { Epochs = 3 }, [log]);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        using var exclusive = new FileStream(Directory.GetFiles(Run).Single(), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public void Options_ThatBreakARule_SayWhich()
    {
        Assert.Equal("steps between scalars must be at least 1, but got 0.", Assert.Throws<ArgumentException>(() => new TensorBoardLog(Run) { EverySteps = 0 }).Message);
        Assert.Equal("epochs between histograms must be at least 1, but got 0.", Assert.Throws<ArgumentException>(() => new TensorBoardLog(Run) { HistogramsEveryEpochs = 0 }).Message);
        Assert.Equal(
            "a hyperparameter must be a text, a truth value or a number, but got Object for 'x'; give its text.",
            Assert.Throws<ArgumentException>(() => new TensorBoardLog(Run) { HParams = new Dictionary<string, object> { ["x"] = new() } }).Message);
    }

    private static long[] Steps(IEnumerable<WireMessage> events, string tag) => [.. EventFile.Scalars(events).Where(scalar => scalar.Tag == tag).Select(scalar => scalar.Step)];

    private string[] HParamsTags(string name) =>
        [.. EventFile.ReadFolder(Path.Combine(folder.Root, name)).SelectMany(e => e.Messages(5)).SelectMany(summary => summary.Messages(1)).Select(value => value.Text(1)).Where(tag => tag.StartsWith("_hparams_", StringComparison.Ordinal))];

    private static FitResult Fit(int epochs, params Callback[] callbacks) => Fit(epochs, CancellationToken.None, callbacks);

    private static FitResult Fit(int epochs, CancellationToken cancellation, params Callback[] callbacks)
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp();
        return Trainer.Fit(model, data, data, new() { Epochs = epochs, BatchSize = 16 }, callbacks, cancellationToken: cancellation);
    }
}
