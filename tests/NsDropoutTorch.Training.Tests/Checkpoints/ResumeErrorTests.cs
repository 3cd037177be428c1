using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Checkpoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

public sealed class ResumeErrorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string last;

    public ResumeErrorTests()
    {
        Job.RunUntil(8, Job.Options, folder.Root);
        last = Path.Combine(folder.Root, "last.ckpt");
    }

    public static TheoryData<string, string> OtherSettings => new()
    {
        { "batch size", "BatchSize must be 16 to resume from '{0}', but got 32" },
        { "full batch", "BatchSize must be 16 to resume from '{0}', but got none" },
        { "seed", "Seed must be 5 to resume from '{0}', but got 6" },
        { "schedule", "Schedule must be InverseTimeDecay {{ Decay = 0.01 }} to resume from '{0}', but got none" },
        { "penalties", "Penalties must be [LayerPenalty {{ Layer = hidden, WeightL1 = 0, WeightL2 = 0.001, BiasL1 = 0, BiasL2 = 0 }}] to resume from '{0}', but got []" },
    };

    [Theory]
    [MemberData(nameof(OtherSettings))]
    public void Fit_OtherSettings_NamesTheOneThatDiffers(string setting, string sentence)
    {
        var message = Refusal(setting switch
        {
            "batch size" => Job.Options with { BatchSize = 32 },
            "full batch" => Job.Options with { BatchSize = null },
            "seed" => Job.Options with { Seed = 6 },
            "schedule" => Job.Options with { Schedule = null },
            _ => Job.Options with { Penalties = [] },
        });

        Assert.Equal(string.Format(null, sentence, last) + "; where that is meant, name it in ResumeChanges, or start a new run from its weights (Checkpoint.LoadWeights).", message);
    }

    [Fact]
    public void Fit_TwoThatRememberUnderOneKey_AreRefused()
    {
        using var first = new BestWeights();
        using var second = new BestWeights();
        using var third = new BestWeights { Key = "third" };

        Broken.Says(
            "each callback or schedule with a memory must have a key of its own in a run, but got 'BestWeights' twice; set the Key of one of them.", () => Job.Run(callbacks: [first, second]));
        Job.Run(Job.Options with { Epochs = 1 }, [first, third]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("epoch")]
    public void Fit_KeyThatIsNone_IsRefused(string key)
    {
        using var best = new BestWeights { Key = key };

        Broken.Says($"the key of a BestWeights must be a name without '/' other than 'epoch', but got '{key}'.", () => Job.Run(callbacks: [best]));
    }

    [Fact]
    public void Fit_CallbackWithTheKeyOfTheAverage_IsRefusedAlsoWithoutAveraging()
    {
        using var best = new BestWeights { Key = "average" };

        Broken.Says("the key of a BestWeights must not be 'average', under which the average of the weights is kept; set another.", () => Job.Run(callbacks: [best]));
    }

    [Fact]
    public void Fit_WithoutTheCallbackThatRemembers_IsRefusedAndNothingIsLoaded()
    {
        using var best = new BestWeights { Key = "mine" };
        var run = Path.Combine(folder.Root, "run");
        Job.RunUntil(8, Job.Options, run, best, new EarlyStopping(5));
        using var model = Job.Model();
        var before = Outcome.StateOf(model);
        using var stopping = new BestWeights();

        var e = Assert.Throws<CheckpointException>(() => Job.Fit(model, Job.Options with { ResumeFrom = run }, [stopping]));

        Assert.Equal(
            $"a callback with the key 'mine' must be there to resume from '{Path.Combine(run, "last.ckpt")}', which holds its memory, but got only BestWeights; "
            + "add it, or start a new run from the weights (Checkpoint.LoadWeights).",
            e.Message);
        Assert.Equal(before, Outcome.StateOf(model));
    }

    [Fact]
    public void Fit_CallbackNewToAResumedRun_StartsAnewAlsoWhenItHasSeenAnotherRun()
    {
        // What it saw there is better than anything that it will see here.
        using var best = new BestWeights();
        using var other = Job.Model();
        best.Consider(other, epoch: 17, cost: -1);
        var errors = new List<double>();

        Job.Run(Job.Options with { ResumeFrom = folder.Root }, [best, new Recorder { EpochEnd = (_, record) => errors.Add(record.SelectionError!.Value) }]);

        Assert.Equal(errors.Min(), best.Cost);
        Assert.Equal(Job.Options.Epochs - errors.Count + errors.IndexOf(errors.Min()), best.Epoch);
    }

    [Fact]
    public void Fit_DeclaredChanges_GoOnFromTheSameState()
    {
        var run = Path.Combine(folder.Root, "changed");
        Job.RunUntil(8, Job.Options, run);
        var changed = Job.Options with
        {
            ResumeFrom = run,
            ResumeChanges = ["Optimizer", nameof(TrainerOptions.Schedule)],
            Schedule = null,
            Optimizer = parameters => optim.SGD(parameters, 0.01, momentum: 0.9),
        };

        using var model = Job.Model();

        var history = Job.Fit(model, changed).History;

        using var whole = Job.Model();
        Assert.Equal(Job.Fit(whole).History[0] with { Seconds = 0 }, history[0] with { Seconds = 0 });
        Assert.Equal(0.01, history[^1].LearningRate);
        Assert.Throws<CheckpointException>(() => Job.Run(changed with { ResumeChanges = ["Optimizer"] }));
    }

    [Fact]
    public void Fit_OtherOptimizer_ShowsBoth()
    {
        var message = Refusal(Job.Options with { Optimizer = parameters => optim.SGD(parameters, 0.1, momentum: 0.9) });

        Assert.Contains("Optimizer must be SGD { InitialLearningRate = 0.05, LearningRate = 0.05, dampening = 0, maximize = False, momentum = 0.9,", message);
        Assert.Contains(", but got SGD { InitialLearningRate = 0.1, LearningRate = 0.1, ", message);
        Assert.Contains("Optimizer must be SGD", Refusal(Job.Options with { Optimizer = parameters => optim.Adam(parameters) }));
        Assert.Contains("for 2 parameters; where that is meant", Refusal(Job.Options with { Optimizer = parameters => optim.SGD(parameters.Take(2), 0.05, momentum: 0.9) }));
    }

    [Fact]
    public void Fit_OtherData_ShowsBothShapes()
    {
        using var train = Models.Clouds(80, 1);
        using var validation = Models.Clouds(40, 2);
        using var model = Job.Model();

        var e = Assert.Throws<CheckpointException>(() => Trainer.Fit(model, train, validation, Job.Options with { ResumeFrom = folder.Root }, maskStatistics: validation));

        Assert.StartsWith($"Fit data must be Float32 [90, 4] to resume from '{last}', but got Float32 [80, 4]; ", e.Message);
    }

    [Fact]
    public void Fit_OtherDtype_IsRefusedAndNothingIsLoaded()
    {
        using var train = Models.Clouds(Job.Samples, 1);
        using var validation = Models.Clouds(40, 2);
        using var model = Job.Model().@double();
        var before = Outcome.StateOf(model);

        var e = Assert.Throws<ArgumentException>(() => Trainer.Fit(model, train, validation, Job.Options with { ResumeFrom = folder.Root }, maskStatistics: validation));

        Assert.Equal("hidden.weight must be Float32 as in the checkpoint, but got Float64; build the model in the dtype it was trained in.", e.Message);
        Assert.Equal(before, Outcome.StateOf(model));
    }

    [Fact]
    public void Fit_MissingFile_IsRefusedByName()
    {
        var path = Path.Combine(folder.Root, "nothing.ckpt");

        Assert.Equal(
            $"a checkpoint must exist to be read, but there is none at '{path}'.",
            Assert.Throws<CheckpointException>(() => Job.Run(Job.Options with { ResumeFrom = path })).Message);
    }

    [Fact]
    public void Fit_OptimizerThatCannotBeSaved_IsRefusedBeforeTheFirstStep()
    {
        var recorder = new Recorder();

        var e = Assert.Throws<NotSupportedException>(() => Job.Run(
            Job.Options with { Optimizer = parameters => new Frozen(parameters) }, [recorder, new ModelCheckpoint(Path.Combine(folder.Root, "new"))]));

        Assert.Equal("a checkpoint needs an optimizer that can save its state (a TorchSharp.Modules.OptimizerHelper, such as SGD or Adam), but got Frozen.", e.Message);
        Assert.Equal(["fit begins"], recorder.Calls);
    }

    public void Dispose() => folder.Dispose();

    private string Refusal(TrainerOptions options) =>
        Assert.Throws<CheckpointException>(() => Job.Run(options with { ResumeFrom = folder.Root })).Message;

    private sealed class Frozen : optim.Optimizer
    {
        public Frozen(IEnumerable<Parameter> parameters)
            : base(IntPtr.Zero) => _parameter_groups = [new ParamGroup { Parameters = parameters, Options = new OptimizerOptions { LearningRate = 0 } }];
    }
}
