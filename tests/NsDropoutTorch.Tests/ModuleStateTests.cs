using NsDropoutTorch.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public class ModuleStateTests
{
    [Fact]
    public void Load_SameModel_CopiesEverything()
    {
        using var scope = NewDisposeScope();
        using var source = Model(3);
        using var target = Model(3);
        ModuleState.Load(target, source.state_dict());
        Assert.All(source.state_dict(), e => Assert.True(Data.SameBits(e.Value, target.state_dict()[e.Key]), e.Key));
    }

    [Fact]
    public void Load_MasksThatWouldBroadcast_NamesThemAndLoadsNothing()
    {
        using var scope = NewDisposeScope();
        using var source = Model(1);
        using var target = Model(3);
        var weight = Data.Values(target.state_dict()["0.weight"]);
        var error = Assert.Throws<ArgumentException>(() => ModuleState.Load(target, source.state_dict()));
        Assert.StartsWith("1.class_masks must have shape [3, 4], but got [1, 4].", error.Message, StringComparison.Ordinal);
        Assert.Equal(weight, Data.Values(target.state_dict()["0.weight"]));
    }

    [Fact]
    public void Load_OtherNames_NamesThem()
    {
        using var scope = NewDisposeScope();
        using var target = torch.nn.Sequential(torch.nn.Linear(4, 4, hasBias: false));
        var source = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["a"] = ones(1), ["b"] = ones(1) };
        var error = Assert.Throws<ArgumentException>(() => ModuleState.Load(target, source));
        Assert.StartsWith("the state must hold exactly the names of the module, but 0.weight is missing and a, b are unexpected.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileOfPyTorch_SaysWhatItIs()
    {
        using var target = Model(3);
        using var stream = new MemoryStream();
        using (var archive = new System.IO.Compression.ZipArchive(stream, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntry("net/data.pkl");
        }

        stream.Position = 0;
        var error = Assert.Throws<UserErrorException>(() => ModuleState.Load(target, stream));

        Assert.StartsWith("a state must be one that TorchSharp's Module.save wrote, but the stream is a PyTorch file (a zip archive with data.pkl,", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK-no-archive")]
    [InlineData("some text that is no state at all")]
    public void Load_FileThatIsNoState_SaysSo(string text)
    {
        using var target = Model(3);
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));

        var error = Assert.Throws<UserErrorException>(() => ModuleState.Load(target, stream));

        Assert.Equal("a state must be one that TorchSharp's Module.save wrote, but the stream is damaged or some other kind of file.", error.Message);
    }

    [Fact]
    public void Load_File_ReadsWhatSaveWrote()
    {
        using var scope = NewDisposeScope();
        using var source = Model(3);
        using var target = Model(3);
        var path = Path.GetTempFileName();
        try
        {
            source.save(path);
            ModuleState.Load(target, path);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.All(source.state_dict(), e => Assert.True(Data.SameBits(e.Value, target.state_dict()[e.Key]), e.Key));
    }

    [Fact]
    public void Load_Stream_StaysOpenAndLeavesNoTensorBehind()
    {
        using var source = Model(3);
        using var target = Model(3);
        using var written = new MemoryStream();
        source.save(written);
        using var stream = new MemoryStream(written.ToArray());
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ModuleState.Load(target, stream);
        Assert.True(stream.CanRead);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Sequential Model(long numClasses) =>
        torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.NSDropout(4, numClasses));
}
