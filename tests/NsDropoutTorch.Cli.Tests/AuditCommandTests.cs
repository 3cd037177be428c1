using System.Text.Json.Nodes;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;

namespace NsDropoutTorch.Cli.Tests;

public sealed class AuditCommandTests : IDisposable
{
    private readonly Sandbox sandbox = new();

    public AuditCommandTests()
    {
        var outcome = Cli.Run(
            "compare", "--dataset", "optdigits", "--epochs", "3", "--hidden", "16", "--batch-size", "1000", "--device", "cpu", "--threads", "2",
            "--layers", "none,nsdropout:p=0.3", "--noise-epochs", "2", "--quiet", "--out", "results");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
    }

    private JsonNode Results => JsonNode.Parse(File.ReadAllText(sandbox["results/results.json"]))!;

    [Fact]
    public void Run_NetworkOfACompare_GivesTheFiguresOfItsRunWithoutFurtherOptions()
    {
        var audit = JsonNode.Parse(Audit("nsdropout%3Ap%3D0.3-22", "--json", "--quiet").Output)!;
        var recorded = Results["audits"]![1]!;

        foreach (var figure in new[] { "layer", "verdict", "testError", "testErrorMeanMask", "testErrorLabelMask", "maskFollowingRate", "chanceBound", "noise", "sentence" })
        {
            Assert.Equal(recorded[figure]!.ToJsonString(), audit[figure]!.ToJsonString());
        }
    }

    [Fact]
    public void Run_Table_SaysWhatLeaksAndTheVerdict()
    {
        var outcome = Audit("nsdropout%3Ap%3D0.3-22", "--noise-epochs", "1");

        Assert.Contains("the true label ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("leaks: no score", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("trained on shuffled labels", outcome.Output, StringComparison.Ordinal);
        Assert.Matches(@"nsdropout:p=0\.3 (is mask-dependent|reads labels but is clean here): given the mask of a random label", outcome.Output);
        Assert.Contains("nsdropout:p=0.3, seed 22, shuffled labels  epoch 1/1", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NetworkWithoutLabels_IsClean() =>
        Assert.Contains("none is clean: no label reaches it, so none can leak.", Audit("none-22").Output, StringComparison.Ordinal);

    [Fact]
    public void Run_OtherData_SaysWhatTheNetworkWasBuiltFor()
    {
        var outcome = Cli.Run("audit", "--checkpoint", Model("none-22"), "--dataset", "spiral");

        Assert.Equal(
            (1, "the data set must have what the network was built for, samples [64] of 10 classes, but spiral has samples [2] of 3.\n"),
            (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public void Run_OptionThatTheFileAnswers_SaysSo()
    {
        var outcome = Cli.Run("audit", "--checkpoint", Model("none-22"), "--hidden", "16");

        Assert.Equal((2, "the file says itself how its network is built, but got --hidden as well; leave that out.\n"), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public void Run_CheckpointOfATraining_TakesTheNetworkFromTheOptions()
    {
        var settings = new ComparisonSettings { Dataset = "optdigits", Hidden = [16] };
        var dataset = DatasetCatalog.Over().Load("optdigits");
        using (var data = dataset.TrainTensors())
        using (var comparison = new Comparison(dataset, settings, TorchSharp.torch.CPU))
        using (var model = comparison.RecipeOf("nsdropout", 22).Build())
        {
            Trainer.Fit(model, data, data, new() { Epochs = 2 }, [new ModelCheckpoint(sandbox["run"])], maskStatistics: data);
        }

        string[] command = ["audit", "--checkpoint", sandbox["run/best.ckpt"], "--hidden", "16", "--quiet"];
        var missing = Cli.Run(command);
        var outcome = Cli.Run([.. command, "--dataset", "optdigits"]);
        var other = Cli.Run([.. command, "--dataset", "optdigits", "--layers", "none"]);

        Assert.Equal((2, "--dataset must name the data set of a network whose file does not tell it, but it is missing.\n"), (missing.ExitCode, missing.Error));
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("given the mask of a random label", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("shuffled", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(1, other.ExitCode);
        Assert.StartsWith("the state must hold exactly the names of the module, but", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NoCheckpoint_SaysWhatIsMissing()
    {
        Assert.Equal((2, "Option '--checkpoint' is required. See nsdropout --help.\n"), Failure(Cli.Run("audit")));
        Assert.Equal((1, "a checkpoint must exist to be read, but there is none at 'no.ckpt'.\n"), Failure(Cli.Run("audit", "--checkpoint", "no.ckpt")));
    }

    [Fact]
    public void Compare_Force_DiscardsNetworksWithTheirRuns()
    {
        Assert.True(File.Exists(Model("nsdropout%3Ap%3D0.3-22")));

        var outcome = Cli.Run("compare", "--dataset", "optdigits", "--epochs", "1", "--hidden", "8", "--layers", "none", "--quiet", "--force", "--out", "results");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal([Model("none-22")], Directory.GetFiles(sandbox["results/models"]));
    }

    public void Dispose() => sandbox.Dispose();

    private static (int ExitCode, string Error) Failure(Cli.Outcome outcome) => (outcome.ExitCode, outcome.Error);

    private string Model(string name) => sandbox[$"results/models/{name}.ckpt"];

    private Cli.Outcome Audit(string model, params string[] options)
    {
        var outcome = Cli.Run(["audit", "--checkpoint", Model(model), "--device", "cpu", "--threads", "2", .. options]);
        Assert.Equal(0, outcome.ExitCode);
        return outcome;
    }
}
