using System.IO.Compression;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

public sealed class CheckpointFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Root => folder.Root;

    [Fact]
    public void LoadWeights_IntoAModelOfTheSameStructure_GivesTheSameBits()
    {
        var (path, outcome) = Save();
        using var model = Job.Model();

        Checkpoint.LoadWeights(path, model);

        Assert.Equal(outcome.State, Outcome.StateOf(model));
    }

    [Fact]
    public void WeightsEntry_TakenOutOfTheArchive_LoadsIntoAPlainTorchSharpModel()
    {
        var (path, outcome) = Save();
        var weights = Path.Combine(Root, "weights.dat");
        using (var archive = ZipFile.OpenRead(path))
        {
            archive.GetEntry("weights.dat")!.ExtractToFile(weights);
        }

        using var model = Job.Model();
        model.load(weights);

        Assert.Equal(outcome.State, Outcome.StateOf(model));
    }

    [Fact]
    public void OptimizerEntry_TakenOutOfTheArchive_LoadsIntoAPlainTorchSharpOptimizer()
    {
        var (path, _) = Save();
        using var model = Job.Model();
        using var optimizer = optim.SGD(model.parameters(), 0.05, momentum: 0.9);
        using var archive = ZipFile.OpenRead(path);
        using var reader = new BinaryReader(archive.GetEntry("optimizer.dat")!.Open());

        optimizer.load_state_dict(reader);

        var state = (TorchSharp.Modules.SGD.State)optimizer.state_dict().State[0];
        Assert.Equal([16L, 4L], state.momentum_buffer!.shape);
        Assert.Equal(0.05 / (1 + (0.01 * 23)), optimizer.ParamGroups.First().LearningRate, 15);
    }

    [Fact]
    public void ReadHistory_GivesTheRecordsOfTheRun()
    {
        var (path, outcome) = Save();

        Assert.Equal(outcome.History, Outcome.HistoryOf(Trainer.ReadHistory(path)));
    }

    [Fact]
    public void Open_CutShortAnywhere_IsRefusedByName()
    {
        var (path, _) = Save();
        var whole = File.ReadAllBytes(path);
        var cut = Path.Combine(Root, "cut.ckpt");
        for (var length = 0; length < whole.Length; length += length < whole.Length - 200 ? 97 : 1)
        {
            File.WriteAllBytes(cut, whole[..length]);

            var e = Assert.Throws<CheckpointException>(() => CheckpointFile.Open(cut));

            Assert.Equal($"a checkpoint must end with its checksum, but '{cut}' does not: it was cut short, or is some other kind of file.", e.Message);
        }
    }

    [Fact]
    public void Open_AnyByteChanged_IsRefusedByName()
    {
        var (path, _) = Save();
        var whole = File.ReadAllBytes(path);
        var damaged = Path.Combine(Root, "damaged.ckpt");
        for (var position = 0; position < whole.Length; position += position < whole.Length - 200 ? 61 : 1)
        {
            var bytes = (byte[])whole.Clone();
            bytes[position] ^= 1;
            File.WriteAllBytes(damaged, bytes);

            var e = Assert.Throws<CheckpointException>(() => CheckpointFile.Open(damaged));

            Assert.StartsWith("a checkpoint must", e.Message);
            Assert.Contains($"'{damaged}' does not: ", e.Message);
        }
    }

    [Fact]
    public void Open_OneWeightChanged_SaysThatItWasDamaged()
    {
        var (path, _) = Save();
        using (var stream = File.OpenWrite(path))
        {
            stream.Position = stream.Length / 2;
            stream.WriteByte(0x5A);
        }

        var e = Assert.Throws<CheckpointException>(() => Checkpoint.LoadWeights(path, Job.Model()));

        Assert.Equal($"a checkpoint must agree with its checksum, but '{path}' does not: it was damaged after it was written.", e.Message);
    }

    [Fact]
    public void Open_NotThere_IsRefusedByName()
    {
        var path = Path.Combine(Root, "none.ckpt");

        var e = Assert.Throws<CheckpointException>(() => Checkpoint.LoadWeights(path, Job.Model()));

        Assert.Equal($"a checkpoint must exist to be read, but there is none at '{path}'.", e.Message);
    }

    [Fact]
    public void Open_OtherFormat_IsRefusedByName()
    {
        var path = Path.Combine(Root, "later.ckpt");
        CheckpointFile.Write(path, archive => CheckpointFile.AddEntry(archive, "state.json", writer => writer.Write("{ \"format\": 2 }"u8)));

        var e = Assert.Throws<CheckpointException>(() => Trainer.ReadHistory(path));

        Assert.Equal($"a checkpoint must have format 1 to be read by this version, but '{path}' has format 2; use the version of NsDropoutTorch that wrote it.", e.Message);
    }

    [Fact]
    public void LoadWeights_OfAnotherModel_NamesWhatDiffersAndLoadsNothing()
    {
        var (path, _) = Save();
        using var other = nn.Sequential(("hidden", nn.Linear(4, 16)), ("output", nn.Linear(16, 3)));
        var before = Outcome.StateOf(other);

        var e = Assert.Throws<ArgumentException>(() => Checkpoint.LoadWeights(path, other));

        Assert.StartsWith("the state must hold exactly the names of the module, but none is missing and norm.weight, ", e.Message);
        Assert.Equal(before, Outcome.StateOf(other));
    }

    [Fact]
    public void Write_SameContents_GivesTheSameBytes()
    {
        string Write(string name)
        {
            var path = Path.Combine(Root, name);
            CheckpointFile.Write(path, archive => CheckpointFile.AddEntry(archive, "state.json", writer => writer.Write("{}"u8)));
            return Convert.ToHexString(File.ReadAllBytes(path));
        }

        Assert.Equal(Write("one"), Write("two"));
    }

    public void Dispose() => folder.Dispose();

    private (string Path, Outcome Outcome) Save()
    {
        var checkpoint = new ModelCheckpoint(Root);
        var outcome = Job.Run(callbacks: [checkpoint]);
        return (checkpoint.Last, outcome);
    }
}
