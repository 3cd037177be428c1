namespace NsDropoutTorch.Cli.Tests;

public sealed class DataCommandTests
{
    [Fact]
    public void List_NothingHere_ShowsEverySetAndWhereItIs()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run("data", "list");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches(@"│ mnist +│ not here +│ +11\.6 MB │", outcome.Output);
        Assert.Matches(@"│ synthetic-digits +│ generated in code +│ +│", outcome.Output);
    }

    [Fact]
    public void Verify_NothingHere_SaysSo()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run("data", "verify");

        Assert.Equal((0, "No data set with files is on this machine.\n"), (outcome.ExitCode, outcome.Output));
    }

    [Fact]
    public void Verify_FileThatDiffers_NamesItAndFails()
    {
        using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox["elsewhere/iris"]);
        File.WriteAllText(sandbox["elsewhere/iris/iris.data"], "5.1,3.5,1.4,0.2,Iris-setosa\n");

        var outcome = Cli.Run("data", "verify", "iris", "--data", "elsewhere");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Matches(@"^DIFFERS +\S*iris\.data\n$", outcome.Output);
        Assert.Equal(
            "every file must have its published checksum, but 1 does not; delete what differs and run nsdropout data download NAME.\n", outcome.Error);
    }

    [Fact]
    public void Verify_UnknownName_SuggestsTheNearest()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run("data", "verify", "irys");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("the nearest is 'iris'.", outcome.Error, StringComparison.Ordinal);
    }
}
