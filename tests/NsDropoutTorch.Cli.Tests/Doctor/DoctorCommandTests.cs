using System.Text.Json.Nodes;
using NsDropoutTorch.Cli.Commands;
using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Tests.Doctor;

public sealed class DoctorCommandTests
{
    private static readonly string[] Names = ["versions", "library", "libstdc++", "copies", "threads", "native defaults", "cuda", "data"];

    [Fact]
    public void Run_MachineThatRunsTheTests_IsOkAndSaysWhereThingsAre()
    {
        using var sandbox = new Sandbox();
        var folder = Iris(sandbox);

        var outcome = Doctor("--data", sandbox.Folder);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Names.Select(name => $"ok     {name}"), lines.Select(line => line.Split(": ")[0]));
        Assert.Matches(@"^ok     versions: \.NET [0-9.]+, TorchSharp 0\.10[0-9.]+, libtorch 2\.[0-9]+\.[0-9]+$", lines[0]);
        Assert.Contains(TorchLibrary.FileName, lines[1], StringComparison.Ordinal);
        Assert.Contains($"iris in {folder}", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FolderThatIsNotThere_SaysTheRepairAndFails()
    {
        using var sandbox = new Sandbox();

        var outcome = Doctor("--data", "nowhere");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("\nREPAIR data: a data folder that is named must be there, but nowhere is not; type export NSDROPOUT_DATA=DIR", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Json_HoldsTheSame()
    {
        using var sandbox = new Sandbox();
        Iris(sandbox);

        var outcome = Doctor("--data", sandbox.Folder, "--json");

        var document = JsonNode.Parse(outcome.Output)!;
        Assert.Equal((0, true), (outcome.ExitCode, (bool)document["ok"]!));
        var checks = document["checks"]!.AsArray();
        Assert.Equal(Names, checks.Select(check => (string)check!["name"]!));
        Assert.All(checks, check => Assert.Equal(["name", "ok", "text"], check!.AsObject().Select(property => property.Key)));
    }

    private static string Iris(Sandbox sandbox)
    {
        Directory.CreateDirectory(sandbox["iris"]);
        File.WriteAllText(sandbox["iris/iris.data"], "5.1,3.5,1.4,0.2,Iris-setosa\n");
        return sandbox["iris"];
    }

    // In a process of its own, since tests change the number of threads of theirs, and with a number that fits any machine.
    private static Cli.Outcome Doctor(params string[] arguments) =>
        Workers.Program.RunIn(Path.GetDirectoryName(typeof(CommandLine).Assembly.Location)!, new() { ["OMP_NUM_THREADS"] = "1" }, ["doctor", .. arguments]);
}
