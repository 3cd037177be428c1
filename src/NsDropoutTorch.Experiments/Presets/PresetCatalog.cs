using System.Text.Json;
using System.Text.Json.Serialization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Presets;

/// <summary>All presets, by name.</summary>
public static class PresetCatalog
{
    private const string ReadmeSource = "README and notebooks of NSDropout (J. Shunk, arXiv 2201.06938)";
    private const string SpiralSource = "Chapter on dropout of a network written from scratch, spiral data";
    private const string ArticleSource = "Article on dropout in a home-made framework, experiment with a small CNN";

    private const string ReadmeRemark =
        "The published NSDropout errors were measured with masks of the true test labels, and those chose the epoch too. They are no scores; the column without labels has the scores.";

    private const string CifarRemark = ReadmeRemark + " Training and test images are two batches of 10,000; the source used the whole set and printed no recipe, so the recipe is that of the digits.";

    private const string Spiral64Remark =
        "In the printed code the second layer is fed from the activation and dropout acts nowhere, so the published figures stand beside the layer none; dropout shows what it would have done.";

    private const string ArticleRemark = "The article prints no figure, only a plot of both errors over epochs, measured on the test set; here a held-out part takes its place, and the test set is scored once.";

    /// <summary>Every preset.</summary>
    public static IReadOnlyList<Preset> All { get; } =
    [
        new("readme", "the published table of NSDropout: MNIST, Fashion-MNIST and CIFAR-10", [Readme("mnist", 359, 0.0559, 0), Readme("fashion-mnist", 244, 0.1523, 0.0019), Cifar()]),
        new("article-cnn", "a small CNN on MNIST with and without dropout", [ArticleCnn()]),
        new("spiral", "a network of 64 and of 512 units on spiral data with and without dropout", [Spiral64(), Spiral512()]),
    ];

    /// <summary>The preset called <paramref name="name"/>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none; the message suggests the nearest name.</exception>
    public static Preset Find(string name) => NearestName.Find("preset", All, preset => preset.Name, name);

    // As many epochs as the longer of the two published runs took; the best of them is scored, as there.
    private static PresetExperiment Readme(string dataset, int epochs, double dropout, double nsdropout, string remark = ReadmeRemark) => new(
        dataset,
        new() { Dataset = dataset, Layers = ["none", "dropout", "nsdropout"], Epochs = epochs },
        new(ReadmeSource, remark, [new("dropout", PublishedMeasure.TestError, dropout), new("nsdropout", PublishedMeasure.TestErrorLabelMask, nsdropout)]));

    private static PresetExperiment Cifar() => Readme("cifar-10-batches", 359, 0.4878, 0.0772, CifarRemark);

    private static PresetExperiment ArticleCnn() => new(
        "article-cnn",
        new()
        {
            Dataset = "mnist",
            Layers = ["none", "dropout"],
            Protocol = Protocol.Holdout,
            Model = ModelCatalog.Cnn,
            P = 0.5,
            Epochs = 200,
            BatchSize = 128,
            LearningRate = 0.001,
            Decay = 0,
            AdamEps = 1e-8,
            FirstLayerL2 = 0,
            InitialStd = null,
        },
        new(ArticleSource, ArticleRemark, []));

    private static PresetExperiment Spiral64() => Spiral(64, Spiral64Remark, Figures("none", 0.085, 0.230, 0.090, 0.240));

    private static PresetExperiment Spiral512() => Spiral(512, "Published with dropout of 0.1 in place.", Figures("dropout", 0.141, 0.417, 0.143, 0.397));

    private static PresetExperiment Spiral(int units, string remark, PublishedFigure[] figures) => new(
        Invariant($"spiral-{units}"),
        new()
        {
            Dataset = "spiral",
            Layers = ["none", "dropout"],
            Protocol = Protocol.Final,
            Hidden = [units],
            P = 0.1,
            Epochs = 10_001,
            LearningRate = 0.05,
            Decay = 5e-5,
        },
        new(SpiralSource, remark, figures));

    private static PublishedFigure[] Figures(string layer, double trainError, double trainLoss, double testError, double testLoss) =>
    [
        new(layer, PublishedMeasure.TrainError, trainError),
        new(layer, PublishedMeasure.TrainLoss, trainLoss),
        new(layer, PublishedMeasure.TestError, testError),
        new(layer, PublishedMeasure.TestLoss, testLoss),
    ];
}

/// <summary>The experiments of one source, ready to be run again.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Summary">What it runs, in a few words.</param>
/// <param name="Experiments">The experiments.</param>
public sealed record Preset(string Name, string Summary, IReadOnlyList<PresetExperiment> Experiments)
{
    /// <summary>The data sets of its experiments.</summary>
    public IEnumerable<string> DatasetNames => Experiments.Select(experiment => experiment.Settings.Dataset).Distinct(StringComparer.Ordinal);
}

/// <summary>One experiment of a source.</summary>
/// <param name="Name">Its name, unlike those of the others: also that of its folder in the output.</param>
/// <param name="Settings">What is compared and how.</param>
/// <param name="Published">What the source says came out.</param>
public sealed record PresetExperiment(string Name, ComparisonSettings Settings, PublishedResults Published);

/// <summary>What came out of a preset, or of one comparison on several data sets, as one document.</summary>
/// <param name="Schema">As in <see cref="ComparisonResults"/>.</param>
/// <param name="Preset">Name of the preset; null where there is none, and then left out of the document.</param>
/// <param name="Experiments">Its experiments.</param>
public sealed record PresetResults(int Schema, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Preset, IReadOnlyList<PresetResult> Experiments)
{
    /// <summary>The document as text, ending with a new line.</summary>
    public string Format() => JsonSerializer.Serialize(this, RunJson.Indented) + "\n";
}

/// <summary>What came out of one experiment of a preset.</summary>
/// <param name="Name">Name of the experiment.</param>
/// <param name="Results">Its results, with what was published.</param>
public sealed record PresetResult(string Name, ComparisonResults Results);
