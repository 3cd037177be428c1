using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Presets;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests.Presets;

public sealed class PresetCatalogTests
{
    [Fact]
    public void All_Experiments_HaveNamesOfTheirOwnAndLayersThatTheyRun()
    {
        var experiments = PresetCatalog.All.SelectMany(preset => preset.Experiments).ToArray();

        Assert.Equal(experiments.Length, experiments.Select(experiment => experiment.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(experiments, experiment => Assert.Subset(experiment.Settings.Layers.Select(layer => layer.ToString()).ToHashSet(), experiment.Published.Figures.Select(figure => figure.Layer).ToHashSet()));
        Assert.All(experiments, experiment => Assert.NotNull(experiment.Settings.CheckPlaces()));
    }

    // https://github.com/JoshuaShunk/NSDropout, table of the README; error rates in per cent.
    [Theory]
    [InlineData("mnist", "dropout", PublishedMeasure.TestError, 5.59)]
    [InlineData("mnist", "nsdropout", PublishedMeasure.TestErrorLabelMask, 0)]
    [InlineData("fashion-mnist", "dropout", PublishedMeasure.TestError, 15.23)]
    [InlineData("fashion-mnist", "nsdropout", PublishedMeasure.TestErrorLabelMask, 0.19)]
    [InlineData("cifar-10-batches", "dropout", PublishedMeasure.TestError, 48.78)]
    [InlineData("cifar-10-batches", "nsdropout", PublishedMeasure.TestErrorLabelMask, 7.72)]
    public void Readme_Published_IsTheTableOfTheSource(string dataset, string layer, PublishedMeasure measure, double percent)
    {
        var experiment = PresetCatalog.Find("readme").Experiments.Single(experiment => experiment.Settings.Dataset == dataset);

        Assert.Equal(percent / 100, experiment.Published.Figures.Single(figure => figure.Layer == layer && figure.Measure == measure).Value, 10);
    }

    [Fact]
    public void MeasuredIn_Runs_IsTheMeanOverSeedsOfThatLayer()
    {
        RunResult[] runs =
        [
            Samples.Run("none", 1, 0.9), Samples.Run("nsdropout", 1, 0.8, 0.02, 0.9) with { TestLoss = 1 }, Samples.Run("nsdropout", 2, 0.6, 0.04, 0.9) with { TestLoss = 3 },
        ];

        Assert.Equal(0.7, Measured(PublishedMeasure.TestError)!.Value, 12);
        Assert.Equal(0.03, Measured(PublishedMeasure.TestErrorLabelMask)!.Value, 12);
        Assert.Equal(2, Measured(PublishedMeasure.TestLoss)!.Value, 12);
        Assert.Equal(runs[1].History[^1].TrainError, Measured(PublishedMeasure.TrainError)!.Value, 12);
        Assert.Equal(runs[1].History[^1].TrainLoss, Measured(PublishedMeasure.TrainLoss)!.Value, 12);
        Assert.Null(new PublishedFigure("none", PublishedMeasure.TestErrorLabelMask, 0).MeasuredIn(runs));
        Assert.Null(new PublishedFigure("dropout", PublishedMeasure.TestError, 0).MeasuredIn(runs));

        double? Measured(PublishedMeasure measure) => new PublishedFigure("nsdropout", measure, 0).MeasuredIn(runs);
    }
}
