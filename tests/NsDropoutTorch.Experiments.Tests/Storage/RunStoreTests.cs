using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Formats;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Statistics;
using NsDropoutTorch.Experiments.Storage;

namespace NsDropoutTorch.Experiments.Tests.Storage;

public sealed class RunStoreTests : IDisposable
{
    private static readonly ComparisonResults Sample = Samples.Results(Samples.Run("none", 22, 0.0501), Samples.Run("nsdropout", 22, 0.1, 0.2, 0.3));

    private static readonly RunFingerprint Fingerprint = RunFingerprint.Of(Sample.Settings, Sample.Environment);

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    private string Runs => Path.Combine(folder, "runs");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Find_RunSavedBefore_IsTheSame()
    {
        Save([.. Sample.Runs]);

        using var store = RunStore.Open(folder, Fingerprint);

        Assert.Equal(2, store.Count);
        Assert.Null(store.Find(new ComparisonRun("none", 23, 1, 1)));
        var found = Sample.Runs.Select(run => store.Find(new ComparisonRun(run.Layer, run.Seed, 1, 1))!).ToArray();
        Assert.Equal(ResultsJson.Format(Sample), ResultsJson.Format(Sample with { Runs = found }));
    }

    [Fact]
    public void Find_RunThatDiverged_HasNoResult()
    {
        Save(Samples.Diverged("none", 22, epoch: 1));

        using var store = RunStore.Open(folder, Fingerprint);

        var found = store.Find(new ComparisonRun("none", 22, 1, 1))!;
        Assert.Equal(new Divergence(22, 1, "training loss"), found.Diverged);
        Assert.Equal(double.NaN, found.TestError);
    }

    [Fact]
    public void Open_MoreLayersAndSeeds_GoesOn()
    {
        Save(Sample.Runs[0]);
        var more = Sample.Settings with { Seeds = [22, 23], Layers = ["dropout", "none"] };

        using var store = RunStore.Open(folder, RunFingerprint.Of(more, Sample.Environment));

        Assert.NotNull(store.Find(new ComparisonRun("none", 22, 1, 1)));
    }

    [Fact]
    public void Open_OtherSettings_SaysWhichAndKeepsTheRuns()
    {
        Save(Sample.Runs[0]);

        AssertRefused("epochs = 2, and this asks for 3", RunFingerprint.Of(Sample.Settings with { Epochs = 3 }, Sample.Environment));
        AssertRefused("after = [1], and this asks for [1,2]", RunFingerprint.Of(Sample.Settings with { After = [1, 2] }, Sample.Environment));
        AssertRefused("threads = 2, and this asks for 1", RunFingerprint.Of(Sample.Settings, Sample.Environment with { Threads = 1 }));
        AssertRefused("standardize = false, and this asks for true", RunFingerprint.Of(Sample.Settings with { Standardize = true }, Sample.Environment));
        AssertRefused("patience = null, and this asks for 3", RunFingerprint.Of(Sample.Settings with { Patience = 3 }, Sample.Environment));
        AssertRefused("label = null, and this asks for \"first\"", RunFingerprint.Of(Sample.Settings with { Label = "first" }, Sample.Environment));
        AssertRefused("header = null, and this asks for \"no\"", RunFingerprint.Of(Sample.Settings with { Header = CsvHeader.No }, Sample.Environment));
        AssertRefused("data = ", RunFingerprint.Of(Sample.Settings, Sample.Environment with { Data = Sample.Environment.Data with { TestCount = 1 } }));
        Assert.True(File.Exists(Path.Combine(Runs, "none-22.json")));
    }

    [Fact]
    public void Open_OtherSettingsAndDiscard_BeginsAnew()
    {
        Save(Sample.Runs[0]);

        using var store = RunStore.Open(folder, RunFingerprint.Of(Sample.Settings with { Epochs = 3 }, Sample.Environment), discard: true);

        Assert.Equal(0, store.Count);
        Assert.Empty(Directory.GetFiles(Runs, "*.json"));
    }

    [Theory]
    [InlineData("{ \"schema\": 1, ")]
    [InlineData("null")]
    [InlineData("{ \"schema\": 2, \"fingerprint\": {}, \"run\": null }")]
    public void Open_FileThatIsNoRun_SaysWhich(string text)
    {
        Save(Sample.Runs[0]);
        File.WriteAllText(Path.Combine(Runs, "none-22.json"), text);

        var refused = Assert.Throws<DataFormatException>(() => RunStore.Open(folder, Fingerprint));

        Assert.StartsWith($"Every file that is kept as a run must hold a finished run, but '{Path.Combine(Runs, "none-22.json")}' does not (", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("); delete it, or discard all runs with --force.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileHalfWrittenByAKilledProcess_IsTakenAway()
    {
        Save(Sample.Runs[0]);
        var unfinished = Path.Combine(Runs, $"none-22.json.{Guid.NewGuid():N}.tmp");
        File.WriteAllText(unfinished, "{");

        RunStore.Open(folder, Fingerprint).Dispose();

        Assert.False(File.Exists(unfinished));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_FilesOfOthers_StayToTheByte(bool discard)
    {
        Save(Sample.Runs[0]);
        string[] foreign = [".lock", "notes.json", "nsdropout-22.json", "none-22.json.0123.tmp", "none-22.json.tmp", "none-22.json.bak", "x.tmp"];
        Array.ForEach(foreign, name => File.WriteAllText(Path.Combine(Runs, name), $"mine: {name}"));

        RunStore.Open(folder, Fingerprint, discard).Dispose();

        Assert.All(foreign, name => Assert.Equal($"mine: {name}", File.ReadAllText(Path.Combine(Runs, name))));
        Assert.Equal(!discard, File.Exists(Path.Combine(Runs, "none-22.json")));
    }

    [Fact]
    public void Save_FileOfOthersInItsPlace_IsRefused()
    {
        Directory.CreateDirectory(Runs);
        var path = Path.Combine(Runs, "none-22.json");
        File.WriteAllText(path, "mine");
        using var store = RunStore.Open(folder, Fingerprint);

        var refused = Assert.Throws<DataFormatException>(() => store.Save(Sample.Runs[0]));

        Assert.Equal(
            $"A comparison must write over no file but its own, but '{path}' is there and was not made by a comparison in this folder; move it away, or choose another folder.", refused.Message);
        Assert.Equal("mine", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("+ runs/none-2")]
    public void Open_RecordCutShortByAKill_KnowsTheRunsAndGoesOn(string end)
    {
        Save(Sample.Runs[0]);
        File.AppendAllText(Path.Combine(folder, OwnFiles.FileName), end);
        Save(Sample.Runs[1]);

        using var store = RunStore.Open(folder, Fingerprint);

        Assert.Equal(2, store.Count);
    }

    [Fact]
    public void Open_RecordThatIsNone_IsRefusedAndStays()
    {
        var path = Path.Combine(folder, OwnFiles.FileName);
        File.WriteAllText(path, "mine\n");

        Assert.Throws<DataFormatException>(() => RunStore.Open(folder, Fingerprint));

        Assert.Equal("mine\n", File.ReadAllText(path));
    }

    [Fact]
    public void Dispose_NothingKept_LeavesTheFolderAsItWas()
    {
        RunStore.Open(folder, Fingerprint).Dispose();

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void Open_FileGoneAndAnotherPutInItsPlace_IsNoLongerOurs()
    {
        Save(Sample.Runs[0]);
        var path = Path.Combine(Runs, "none-22.json");
        File.Delete(path);
        Save(Sample.Runs[1]);
        File.WriteAllText(path, "mine");

        RunStore.Open(folder, Fingerprint, discard: true).Dispose();

        Assert.Equal("mine", File.ReadAllText(path));
    }

    [Fact]
    public void Open_FolderInUse_SaysSo()
    {
        using var first = RunStore.Open(folder, Fingerprint);

        var refused = Assert.Throws<UserErrorException>(() => RunStore.Open(folder, Fingerprint));

        Assert.Matches(
            $"^A comparison must have its folder for itself, but '{folder}' is in use by this process [0-9]+ on .+ since 20[0-9TZ:-]+; wait for its end, or choose another folder.$", refused.Message);
    }

    [Theory]
    [InlineData("none", "none-22.json")]
    [InlineData("a b/../c:d", "a%20b%2F..%2Fc%3Ad-22.json")]
    public void FileNameOf_AnyLayer_IsAPlainName(string layer, string name) => Assert.Equal(name, RunStore.FileNameOf(layer, 22));

    private void Save(params RunResult[] runs)
    {
        using var store = RunStore.Open(folder, Fingerprint);
        Array.ForEach(runs, store.Save);
    }

    private void AssertRefused(string difference, RunFingerprint fingerprint)
    {
        var refused = Assert.Throws<UserErrorException>(() => RunStore.Open(folder, fingerprint));

        Assert.StartsWith(
            $"All runs of one folder must be made with the same settings, but '{Path.Combine(Runs, "none-22.json")}' was made with {difference}",
            refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("; choose another folder, or discard the runs there with --force.", refused.Message, StringComparison.Ordinal);
    }
}
