namespace NsDropoutTorch.Training.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public void Write_NewAndExisting_HoldsTheLastContents()
    {
        var path = Path.Combine(folder, "file");

        AtomicFile.Write(path, stream => stream.Write("first version"u8));
        AtomicFile.Write(path, stream => stream.Write("second"u8));

        Assert.Equal("second", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder));
    }

    [Fact]
    public void Write_ThatThrows_LeavesTheOldFileAndNothingElse()
    {
        var path = Path.Combine(folder, "file");
        AtomicFile.Write(path, stream => stream.Write("old"u8));

        Assert.Throws<InvalidTimeZoneException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half of the ne"u8);
            throw new InvalidTimeZoneException();
        }));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
