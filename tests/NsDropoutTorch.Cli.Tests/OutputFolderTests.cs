using NsDropoutTorch.Experiments.Storage;

namespace NsDropoutTorch.Cli.Tests;

public sealed class OutputFolderTests
{
    [Fact]
    public void Dispose_Unfilled_TakesAwayWhatItCreatedAndNoMore()
    {
        using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox["there"]);

        OutputFolder.Claim(sandbox["there/new/deep"]).Dispose();

        Assert.True(Directory.Exists(sandbox["there"]));
        Assert.False(Directory.Exists(sandbox["there/new"]));
    }

    [Fact]
    public void Dispose_FolderThatWasThere_StaysAsItWas()
    {
        using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox["there"]);

        OutputFolder.Claim(sandbox["there"]).Dispose();

        Assert.Empty(Directory.EnumerateFileSystemEntries(sandbox["there"]));
    }

    [Fact]
    public void Dispose_Filled_KeepsIt()
    {
        using var sandbox = new Sandbox();

        using (OutputFolder.Claim(sandbox["new/deep"]))
        {
            File.WriteAllText(sandbox["new/deep/file"], "");
        }

        Assert.True(File.Exists(sandbox["new/deep/file"]));
    }
}
