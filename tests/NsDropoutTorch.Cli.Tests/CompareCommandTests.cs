using System.Text.Json.Nodes;
using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Tests;

public sealed class CompareCommandTests
{
    private static readonly string[] Small =
        ["compare", "--dataset", "optdigits", "--epochs", "2", "--hidden", "16", "--batch-size", "1000", "--threads", "2", "--device", "cpu"];

    [Fact]
    public void Run_Small_PrintsTheTableAndTheWarningAndWritesResults()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run([.. Small, "--out", "new/results"]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("optdigits, reference protocol, 2 epochs, seed 22", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("n = 1 seed can never show p < 0.05", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Label-mask figures leak", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("• dropout is clean: no label reaches it", outcome.Output, StringComparison.Ordinal);
        Assert.Matches("• nsdropout (is mask-dependent|reads labels but is clean here): given the mask of a random label", outcome.Output);
        Assert.Contains("4/4 nsdropout, seed 22  epoch 2/2  loss ", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith($"Results are in {sandbox["new/results/results.json"]}.\n", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(
            [".nsdropout-files", "report.html", "results.json"],
            Directory.GetFiles(sandbox["new/results"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var document = JsonNode.Parse(File.ReadAllText(sandbox["new/results/results.json"]))!;
        Assert.Equal(["none", "dropout", "nsdropout:label-free=true", "nsdropout"], document["runs"]!.AsArray().Select(run => (string)run!["layer"]!));
        Assert.Equal("optdigits", (string)document["settings"]!["dataset"]!);
        Assert.Equal(2, (int)document["environment"]!["threads"]!);
    }

    [Fact]
    public void Run_Holdout_TrainsByTheRecipeOfPracticeAndSaysSo()
    {
        using var sandbox = new Sandbox();
        string[] command = ["compare", "--dataset", "optdigits", "--protocol", "holdout", "--hidden", "16", "--layers", "none", "--quiet"];

        var table = Cli.Run([.. command, "--epochs", "2"]);
        var document = JsonNode.Parse(Cli.Run([.. command, "--epochs", "1", "--patience", "none", "--standardize", "no", "--json"]).Output)!["settings"]!;

        Assert.Equal((0, ""), (table.ExitCode, table.Error));
        Assert.Contains("optdigits, holdout protocol, at most 2 epochs, seed 22", table.Output, StringComparison.Ordinal);
        Assert.Contains("recipe: practice (batches of 128, lr 0.001,", table.Output, StringComparison.Ordinal);
        Assert.Equal(("own", 128, 0.001, false), ((string)document["recipe"]!, (int)document["batchSize"]!, (double)document["learningRate"]!, (bool)document["standardize"]!));
        Assert.Null(document["patience"]);
        Assert.Null(document["initialStd"]);
    }

    [Fact]
    public void Run_Json_PrintsTheDocumentAndNothingElse()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run([.. Small, "--layers", "none", "--json", "--quiet", "--out", "results"]);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(File.ReadAllText(sandbox["results/results.json"]), outcome.Output);
    }

    [Fact]
    public void Run_Jobs_SaysOneLineARunAndGivesTheSameFigures()
    {
        using var sandbox = new Sandbox();

        var one = Cli.Run([.. Small, "--layers", "none,dropout", "--quiet", "--out", "one"]);
        var two = Cli.Run([.. Small, "--layers", "none,dropout", "--jobs", "2", "--out", "two"]);

        Assert.Equal((0, 0), (one.ExitCode, two.ExitCode));
        Assert.Matches(@"\A1/2 (none|dropout), seed 22  test error \d+\.\d\d %  \d+\.\d s\n2/2 .*\nResults are in .*\n\z", two.Error);
        Assert.Equal(Errors(sandbox["one/results.json"]), Errors(sandbox["two/results.json"]));

        static double[] Errors(string path) => [.. JsonNode.Parse(File.ReadAllText(path))!["runs"]!.AsArray().Select(run => (double)run!["testError"]!)];
    }

    [Fact]
    public void Run_JobsAuto_GivesTheFiguresOfOneThread()
    {
        using var sandbox = new Sandbox();
        string[] small = ["compare", "--dataset", "optdigits", "--epochs", "2", "--hidden", "16", "--batch-size", "1000", "--device", "cpu", "--layers", "none,dropout"];

        var auto = Cli.Run([.. small, "--jobs", "auto", "--out", "auto"]);
        // Runs of another number of threads would be refused, or made again.
        var single = Cli.Run([.. small, "--threads", "1", "--out", "auto"]);

        Assert.Equal((0, 0), (auto.ExitCode, single.ExitCode));
        Assert.Contains("2 of 2 runs were finished before and are kept.", single.Error, StringComparison.Ordinal);
        Assert.Equal(1, (int)JsonNode.Parse(File.ReadAllText(sandbox["auto/results.json"]))!["environment"]!["threads"]!);
    }

    [Fact]
    public void Run_LayersWithOptionsAfterAllOfACnn_AreRecorded()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run([.. Small, "--model", "cnn", "--layers", "none,dropout:p=0.50", "--after", "all", "--quiet", "--out", "results"]);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var document = JsonNode.Parse(File.ReadAllText(sandbox["results/results.json"]))!;
        Assert.Equal("[1,2]", document["settings"]!["after"]!.ToJsonString());
        Assert.Equal(["none", "dropout:p=0.5"], document["runs"]!.AsArray().Select(run => (string)run!["layer"]!));
        Assert.Equal([0, 0.5], document["runs"]!.AsArray().Select(run => (double)run!["p"]!));
        Assert.Equal(["dropout%3Ap%3D0.5-22.json", "none-22.json"], Directory.GetFiles(sandbox["results/runs"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Run_CnnOnMeasurements_FailsWithASentence()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run("compare", "--dataset", "spiral", "--model", "cnn");

        Assert.Equal((1, "", "the data set of model cnn must hold images, but spiral holds rows of measurements; mlp takes them.\n"), (outcome.ExitCode, outcome.Output, outcome.Error));
    }

    [Fact]
    public void Run_SameCommandAgain_KeepsTheRuns()
    {
        using var sandbox = new Sandbox();
        Cli.Run([.. Small, "--layers", "none", "--out", "results"]);

        var again = Cli.Run([.. Small, "--layers", "none,dropout", "--out", "results"]);

        Assert.Equal(0, again.ExitCode);
        Assert.StartsWith("1 of 2 runs were finished before and are kept.\n2/2 dropout, seed 22", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OtherSettingsInTheSameFolder_AreRefusedUnlessForced()
    {
        using var sandbox = new Sandbox();
        Cli.Run([.. Small, "--layers", "none", "--out", "results"]);

        var refused = Cli.Run([.. Small, "--layers", "none", "--p", "0.3", "--out", "results"]);
        var forced = Cli.Run([.. Small, "--layers", "none", "--p", "0.3", "--out", "results", "--force"]);

        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.EndsWith("was made with p = 0.2, and this asks for 0.3; choose another folder, or discard the runs there with --force.\n", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, forced.ExitCode);
    }

    [Fact]
    public void Run_Force_LeavesFilesOfOthersToTheByte()
    {
        using var sandbox = new Sandbox();
        string[] foreign =
        [
            "notes.txt", "results.json.tmp", "results.json.bak", ".lock", "x.tmp",
            "runs/.lock", "runs/x.tmp", "runs/notes.json", "runs/dropout-22.json", "runs/none-22.json.0123.tmp", "runs/mine/none-22.json",
            "models/my-own-weights.bin", "models/x.tmp", "models/best.ckpt", "models/dropout-22.ckpt", "models/none-22.ckpt.0123.tmp", "models/mine/none-22.ckpt",
        ];
        foreach (var name in foreign)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(sandbox[$"results/{name}"])!);
            File.WriteAllText(sandbox[$"results/{name}"], $"mine: {name}");
        }

        string[] command = [.. Small, "--layers", "none", "--quiet", "--out", "results"];
        Assert.Equal(0, Cli.Run(command).ExitCode);
        Assert.Equal(0, Cli.Run([.. command, "--p", "0.3", "--force"]).ExitCode);
        Assert.Equal(0, Cli.Run([.. command, "--p", "0.3"]).ExitCode);

        Assert.All(foreign, name => Assert.Equal($"mine: {name}", File.ReadAllText(sandbox[$"results/{name}"])));
    }

    [Theory]
    [InlineData("results.json")]
    [InlineData("report.html")]
    [InlineData("runs/none-22.json")]
    [InlineData("models/none-22.ckpt")]
    public void Run_FileOfOthersInThePlaceOfAResult_IsRefusedBeforeTraining(string name)
    {
        using var sandbox = new Sandbox();
        Directory.CreateDirectory(Path.GetDirectoryName(sandbox[$"results/{name}"])!);
        File.WriteAllText(sandbox[$"results/{name}"], "mine");

        var outcome = Cli.Run([.. Small, "--layers", "none", "--force", "--out", "results"]);

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Equal(
            $"A comparison must write over no file but its own, but '{sandbox[$"results/{name}"]}' is there and was not made by a comparison in this folder; "
            + "move it away, or choose another folder.\n",
            outcome.Error);
        Assert.Equal([sandbox[$"results/{name}"]], Directory.GetFiles(sandbox["results"], "*", SearchOption.AllDirectories));
        Assert.Equal("mine", File.ReadAllText(sandbox[$"results/{name}"]));
    }

    [Fact]
    public void Run_NoDatasetNamedAndNoMnistFound_ComparesOnOptdigitsAndSaysSo()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run("compare", "--epochs", "1", "--hidden", "8", "--layers", "none");

        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith(
            "No mnist was found, so this compares on optdigits, which comes with the program; --data DIR or --dataset NAME choose others.\n",
            outcome.Error, StringComparison.Ordinal);
        Assert.Contains("optdigits, reference protocol, 1 epochs", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NoDatasetNamedAndMnistFound_ComparesOnIt()
    {
        using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox["data/mnist"]);
        foreach (var name in new[] { "train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1" })
        {
            File.WriteAllBytes(sandbox[$"data/mnist/{name}-ubyte"], []);
        }

        var outcome = Cli.Run("compare", "--epochs", "1");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith($"{Path.Combine("data", "mnist", "train-images-idx3-ubyte")} must have the published SHA-256 ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OutThatIsAFile_FailsBeforeTraining()
    {
        using var sandbox = new Sandbox();
        File.WriteAllText(sandbox["taken"], "mine");

        var outcome = Cli.Run([.. Small, "--out", "taken/results"]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("--out must be a folder that can be written, but 'taken/results' cannot (", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(sandbox["taken"]));
    }

    [Fact]
    public void Run_TruncatedData_FailsWithOneSentenceAndLeavesNothing()
    {
        using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox["data/mnist"]);
        foreach (var name in new[] { "train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1" })
        {
            File.WriteAllBytes(sandbox[$"data/mnist/{name}-ubyte"], [0, 0, 8]);
        }

        var outcome = Cli.Run("compare", "--dataset", "mnist", "--out", "results");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Single(outcome.Error.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(sandbox["results"]));
    }

    [Fact]
    public void Run_Cancelled_ReturnsOneHundredThirtyAndTakesTheFolderAway()
    {
        using var sandbox = new Sandbox();
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        var outcome = Cli.Run(cancellation.Token, [.. Small, "--out", "new/results"]);

        Assert.Equal((130, ""), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith("Cancelled.\n", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(sandbox["new"]));
    }

    [Fact]
    public void Run_CudaThatIsAbsent_SaysWhatThereIs()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run([.. Small[..^1], "cuda:99"]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("device cuda:99 must be one that libtorch sees, but it sees ", outcome.Error, StringComparison.Ordinal);
    }
}
