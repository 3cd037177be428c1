using NsDropoutTorch.Training.Checkpoints;

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

    [Fact]
    public void Write_KeepOldAs_KeepsTheOneBeforeAndNoOlderOne()
    {
        var (path, old) = (Path.Combine(folder, "file"), Path.Combine(folder, "old"));
        foreach (var version in new[] { "1", "2", "3" })
        {
            AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(version)), keepOldAs: old);
        }

        Assert.Equal(("3", "2"), (File.ReadAllText(path), File.ReadAllText(old)));
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public void Write_KeepOldAsAndTheNewFileCannotTakeItsPlace_LeavesTheOldFile()
    {
        var (path, old) = (Path.Combine(folder, "file"), Path.Combine(folder, "old"));
        File.WriteAllText(path, "1");

        Assert.ThrowsAny<IOException>(() => AtomicFile.Write(
            path,
            stream =>
            {
                stream.Write("2"u8);
                // Nothing is left to take its place.
                File.Delete(Assert.Single(Directory.GetFiles(folder, "*.tmp")));
            },
            keepOldAs: old));

        Assert.Equal("1", File.ReadAllText(path));
    }

    [Fact]
    public void DeleteLeftovers_DeletesTemporaryFilesOfThatFileAlone()
    {
        string[] kept = [Path.Combine(folder, "file"), Path.Combine(folder, "file.txt"), Path.Combine(folder, "file.1.tmp"), Path.Combine(folder, $"other.{Guid.NewGuid():N}.tmp")];
        foreach (var path in kept.Append(Path.Combine(folder, $"file.{Guid.NewGuid():N}.tmp")))
        {
            File.WriteAllText(path, "");
        }

        AtomicFile.DeleteLeftovers(kept[0]);
        AtomicFile.DeleteLeftovers(Path.Combine(folder, "missing", "file"));

        Assert.Equal(kept.Order(StringComparer.Ordinal), Directory.GetFiles(folder).Order(StringComparer.Ordinal));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
