using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Docs.Tests.Support;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training;
using TorchSharp;

namespace NsDropoutTorch.Docs.Tests.Leaks;

/// <summary>
/// The labels of the test part are for scoring alone. Every example and every protocol of a comparison runs twice, once with the test labels shuffled; every weight, every
/// buffer and every output for which no label chose a mask must be the same to the bit. What a page shows is a region of these programs (PageTests), and notebooks are guarded where
/// they are run (NotebookLabelTests). New examples are found by themselves.
/// </summary>
public sealed class TestLabelTests
{
    private const string DataFolder = "NSDROPOUT_DATA";
    private const string Digits = "optdigits";

    // They draw their data themselves; Example_ThatDrawsItsData_… says what holds of them.
    // TorchVision reads its data by a class of its own; TorchVisionTests shuffle its test labels in their file.
    private static readonly string[] WithoutDataset = ["Before", "After", "TorchVision"];

    public static TheoryData<string> Programs => [.. Directory.EnumerateFiles(Repository.PathOf("examples"), "*.csproj", SearchOption.AllDirectories)
        .Select(program => Path.GetFileNameWithoutExtension(program)).Except(WithoutDataset, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public static TheoryData<string, string> Comparisons
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var protocol in new[] { "reference", "holdout", "final" })
            {
                foreach (var layer in new[] { "none", "dropout", "gap-matched", "nsdropout", "nsdropout:shared=true" }) data.Add(protocol, layer);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Programs))]
    public void Example_TestLabelsShuffled_KeepsEveryBit(string program) => ProgramWatch.AssertSame(() =>
    {
        var folder = Directory.CreateTempSubdirectory("example-").FullName;
        var (before, data) = (Directory.GetCurrentDirectory(), Environment.GetEnvironmentVariable(DataFolder));
        Directory.SetCurrentDirectory(folder);
        // The data that every clone has: the programs are the same with larger ones, and take minutes.
        Environment.SetEnvironmentVariable(DataFolder, null);
        try
        {
            return ExampleProgram.Invoke(program).Error;
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            Environment.SetEnvironmentVariable(DataFolder, data);
            Directory.Delete(folder, recursive: true);
        }
    });

    public static TheoryData<string> Networks => [.. ModelCatalog.All.Select(network => network.Name)];

    [Theory, MemberData(nameof(Comparisons))]
    public void Comparison_TestLabelsShuffled_KeepsEveryBit(string protocol, string layer) => ProgramWatch.AssertSame(() =>
    {
        Run(new() { Dataset = Digits, Protocol = Protocol.Find(protocol), Layers = [layer], Epochs = 3, Hidden = [16, 8], Seeds = [22] });
        return "";
    });

    [Theory, MemberData(nameof(Networks))]
    public void Comparison_OfAnyNetwork_TestLabelsShuffled_KeepsEveryBit(string network) => ProgramWatch.AssertSame(() =>
    {
        Run(new()
        {
            Dataset = Digits, Protocol = Protocol.Holdout, Model = ModelCatalog.Find(network), Layers = ["dropout", "nsdropout"], TrainSamples = 500, NoiseEpochs = 0, Epochs = 2, BatchSize = 50, Hidden = [16], Seeds = [22],
        });
        return "";
    });

    /// <summary>The rate that is chosen for a seed is the same whatever the test labels are; what the test set itself would choose errs otherwise.</summary>
    [Fact]
    public void Tuning_TestLabelsShuffled_ChoosesTheSameRates()
    {
        var tuned = new List<TunedLayer>();
        ProgramWatch.AssertSame(() =>
        {
            tuned.Add(TunedLayer.Of(Run(new()
            {
                Dataset = Digits, Protocol = Protocol.Find("holdout"), TuneBy = "selection", Layers = ["none", "dropout:p=0.1", "dropout:p=0.3", "dropout:p=0.5"], Epochs = 3, Hidden = [16], Seeds = [1, 2, 3],
            })).Single());
            return "";
        });

        Assert.Equal(tuned[0].Choices.Select(choice => (choice.Seed, choice.P, choice.SelectionError)), tuned[1].Choices.Select(choice => (choice.Seed, choice.P, choice.SelectionError)));
        Assert.NotEqual(tuned[0].OracleTestError.Mean, tuned[1].OracleTestError.Mean);
    }

    /// <summary>In a loop of one's own: the part whose labels choose masks is not the one whose error is printed.</summary>
    [Fact]
    public void Example_ThatDrawsItsData_CapturesAPartOfItsOwn()
    {
        var code = Repository.Read("examples/ExistingModel/After/Program.cs");

        Assert.Contains("LabelScope.Use(heldOutY)", code, StringComparison.Ordinal);
        Assert.Contains("Error(validX, validY):P1", code, StringComparison.Ordinal);
        Assert.DoesNotContain("LabelScope.Use(validY)", code, StringComparison.Ordinal);
    }

    /// <summary>The guard sees what it is there to see: a training that is shown the test part as mask statistics, as our first examples were.</summary>
    [Fact]
    public void Guard_TestPartAsMaskStatistics_IsSeen()
    {
        var (labelled, shuffled) = (ProgramWatch.SeenIn(Leaking, shuffles: false), ProgramWatch.SeenIn(Leaking, shuffles: true));

        Assert.NotEqual(labelled, shuffled);

        static string Leaking()
        {
            var digits = (ImageDataset)DatasetCatalog.Over().Load(Digits);
            using var train = digits.TrainTensors();
            using var test = digits.TestTensors();
            Training.Seeding.Seed(1);
            using var model = torch.nn.Sequential(torch.nn.Linear(64, 16), torch.nn.ReLU(), torch.nn.NSDropout(16, 10, 0.5), torch.nn.Linear(16, 10));
            Training.Trainer.Fit(model, train, null, new Training.TrainerOptions { Epochs = 6, BatchSize = null }, maskStatistics: test);
            return "";
        }
    }

    // Loads its data itself, so that the labels of each run may be shuffled.
    private static IReadOnlyList<RunResult> Run(ComparisonSettings settings)
    {
        using var comparison = new Comparison(DatasetCatalog.Over().Load(Digits), settings, torch.CPU);
        return comparison.Run();
    }
}
