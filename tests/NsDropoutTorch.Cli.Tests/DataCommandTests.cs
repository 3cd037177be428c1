using NsDropoutTorch.Cli.Hosting;

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
        Assert.Matches(@"│ spiral +│ generated in code +│ +│", outcome.Output);
    }

    [Fact]
    public void List_SetInSeveralPlaces_ShowsTheFirstThatCounts()
    {
        using var sandbox = new Sandbox();
        Environment.SetEnvironmentVariable("NSDROPOUT_DATA", "named");
        Assert.Equal(Brought("iris"), WhereIrisIs());

        foreach (var place in new[] { "data", "named", "asked" })
        {
            Directory.CreateDirectory(sandbox[$"{place}/iris"]);
            File.WriteAllText(sandbox[$"{place}/iris/iris.data"], "");
            Assert.Equal(Path.Combine(place, "iris"), WhereIrisIs());
        }

        static string WhereIrisIs() =>
            Cli.Run("data", "list", "--data", "asked").Output.Split('\n').Single(line => line.StartsWith("│ iris ", StringComparison.Ordinal)).Split('│')[2].Trim();
    }

    [Fact]
    public void Verify_NoFolderHere_VerifiesWhatTheProgramBrings()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run("data", "verify");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(
            [$"verified  {Brought("optdigits/optdigits.tra")}", $"verified  {Brought("optdigits/optdigits.tes")}", $"verified  {Brought("iris/iris.data")}"],
            outcome.Output.TrimEnd('\n').Split('\n'));
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

    private static string Brought(string name) => Path.Combine([AppContext.BaseDirectory, "data", .. name.Split('/')]);
}
