using System.Text.Json.Nodes;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Storage;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests.Storage;

public sealed class SharedRunsTests : IDisposable
{
    private static readonly ImageDataset Dataset = Digits.First(100, 50);
    private static readonly ComparisonSettings Settings = new() { Dataset = Dataset.Name, Layers = ["none"], Seeds = [1, 2, 3], Epochs = 1, Hidden = [4] };
    private static readonly RunEnvironment Here = RunEnvironment.Describe(Dataset, CPU, DateTimeOffset.UnixEpoch);

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Save_FromManyThreadsAtATime_KeepsOneWholeResult()
    {
        var runs = Runs();
        var run = ComparisonRun.Of(Settings)[0];

        Parallel.For(0, 50, i => runs.Save(run, RunFingerprint.Of(Settings, Here), Result(1) with { TrainSeconds = i }));

        Assert.Equal(["none-1.json"], Directory.GetFiles(Path.Combine(folder, "runs")).Select(Path.GetFileName));
        Assert.Equal(0.25, Assert.Single(runs.Read(Planned(), [run]).Finished).Value.TestError);
    }

    [Fact]
    public void Save_FinishedBefore_KeepsTheFirst()
    {
        var runs = Runs();
        var run = ComparisonRun.Of(Settings)[0];
        runs.Save(run, RunFingerprint.Of(Settings, Here), Result(1) with { TrainSeconds = 1 });

        runs.Save(run, RunFingerprint.Of(Settings, Here), Result(1) with { TrainSeconds = 2 });

        Assert.Equal(1, runs.Read(Planned(), [run]).Finished[run].TrainSeconds);
    }

    [Fact]
    public void Planned_RunHere_IsContradictedByNothingButWhatDiffers()
    {
        var measured = RunFingerprint.Of(Settings, Here);

        Assert.Null(Planned().ContradictionOf(measured));
        Assert.Equal(("threads", "7", $"{Here.Threads}"), RunFingerprint.Planned(Settings, Dataset, "cpu", 7).ContradictionOf(measured));
        Assert.Equal("epochs", RunFingerprint.Planned(Settings with { Epochs = 2 }, Dataset, "cpu", Here.Threads).ContradictionOf(measured)!.Value.Name);
    }

    [Fact]
    public void Read_OtherSettings_AreRefused()
    {
        var runs = Runs();
        var run = ComparisonRun.Of(Settings)[0];
        runs.Save(run, RunFingerprint.Of(Settings with { Epochs = 2 }, Here), Result(1));

        var error = Assert.Throws<UserErrorException>(() => runs.Read(Planned(), [run]));

        Assert.Matches(@"^All runs of one folder must be made as planned, but '.*none-1\.json' was made with epochs = 2, and the plan says 1; delete it, ", error.Message);
    }

    [Fact]
    public void Read_TwoKindsOfMachine_NamesTheFewer()
    {
        var runs = Runs();
        var all = ComparisonRun.Of(Settings);
        foreach (var run in all)
        {
            runs.Save(run, RunFingerprint.Of(Settings, Here with { Processor = run.Seed == 2 ? "Other" : "Usual" }), Result(run.Seed));
        }

        var error = Assert.Throws<UserErrorException>(() => runs.Read(Planned(), all));

        Assert.Matches(@"^All runs of one comparison must be made on one kind of machine, but 2 were made with processor = ""Usual"" and 1 with ""Other"", '.*none-2\.json' for one; ", error.Message);
    }

    [Fact]
    public void ToEnvironment_OfAFingerprint_IsThatOfTheRuns()
    {
        var fingerprint = RunFingerprint.Parse((JsonObject)JsonNode.Parse(RunFingerprint.Of(Settings, Here).ToJson().ToJsonString())!);

        var environment = fingerprint.ToEnvironment(Here.Dotnet, Here.Os, Here.Cores, Here.Started);

        Assert.Equal(Here with { Data = environment.Data }, environment);
        Assert.Equal(Here.Data.Files, environment.Data.Files);
        Assert.Equal(RunFingerprint.Of(Settings, Here).Digest, fingerprint.Digest);
    }

    [Fact]
    public void Adopt_RunsWrittenByOthers_AreKeptByAComparisonAndLeftoversGo()
    {
        var all = ComparisonRun.Of(Settings);
        Runs().Save(all[0], RunFingerprint.Of(Settings, Here), Result(1));
        var leftover = Path.Combine(folder, "runs", $"none-2.json.{Guid.NewGuid():N}.tmp");
        var foreign = Path.Combine(folder, "runs", "notes.tmp");
        File.WriteAllText(leftover, "");
        File.WriteAllText(foreign, "");
        using var output = OutputFolder.Claim(folder);

        output.Adopt(all, clean: true);

        Assert.False(File.Exists(leftover));
        Assert.True(File.Exists(foreign));
        using var store = output.OpenRuns(RunFingerprint.Of(Settings, Here), discard: false);
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void Reserve_FileOfSomebodyElse_IsRefused()
    {
        Runs();
        File.WriteAllText(Path.Combine(folder, "runs", "none-2.json"), "mine");
        using var output = OutputFolder.Claim(folder);

        var error = Assert.Throws<DataFormatException>(() => output.Reserve(ComparisonRun.Of(Settings), discard: true));

        Assert.Contains("was not made by a comparison in this folder", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, "runs", "none-2.json")));
    }

    private static RunFingerprint Planned() => RunFingerprint.Planned(Settings, Dataset, "cpu", Here.Threads);

    private static RunResult Result(long seed) => new("none", 0, seed, 1, 0, 0.25, null, null, 1, 1, [], [[3, 1], [1, 3]]);

    private SharedRuns Runs()
    {
        var runs = new SharedRuns(folder);
        runs.Prepare();
        return runs;
    }
}
