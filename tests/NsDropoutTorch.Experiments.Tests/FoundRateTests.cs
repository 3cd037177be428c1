using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training.Callbacks;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

/// <summary>The layer <c>gap-matched</c>: its rate is found while the network is trained, and no part but the one that is fitted to has a say.</summary>
public sealed class FoundRateTests
{
    private const int Epochs = 10;
    private const int Seed = 22;

    private static readonly ImageDataset Dataset = Digits.First(400, 200);

    private static readonly ComparisonSettings Settings = new()
    {
        Dataset = Dataset.Name,
        Layers = ["gap-matched"],
        Protocol = Protocol.Holdout,
        Epochs = Epochs,
        BatchSize = 32,
        Hidden = [32, 16],
        After = [1, 2],
        Seeds = [Seed],
        LearningRate = 0.001,
        InitialStd = null,
        Standardize = true,
    };

    [Fact]
    public void Run_GapMatched_SearchesInTheFirstEpochsAndKeepsWhatItFound()
    {
        var run = Run(Dataset);

        var search = GapMatchedRate.SearchEpochs(Epochs);
        Assert.Equal(3, search);
        Assert.All(run.History, point => Assert.Equal(["layer1", "layer2"], point.LearnedRates!.Keys));
        var rates = run.History.Select(point => point.LearnedRates!["layer1"]).ToArray();
        Assert.Equal(search, rates[..search].Distinct().Count());
        Assert.Equal(run.FoundP, Assert.Single(rates[search..].Distinct()));
        Assert.All(rates, rate => Assert.InRange(rate, 0.018, 0.5));
        Assert.Equal(run.History.Skip(search).MinBy(point => point.SelectionError)!.Epoch, run.BestEpoch);
        Assert.Equal(0, run.P);
    }

    [Fact]
    public void Run_OtherInputsInSelectionAndTest_FindsTheSameRate()
    {
        var split = Protocol.Holdout.Split(Dataset.Train.Labels, Seed).For(needsCapture: false, readsLabels: false);
        var (run, other) = (Run(Dataset), Run(With(Blank(Dataset.Train, split.Selection), Blank(Dataset.Test, Enumerable.Range(0, 200).Select(row => (long)row)))));
        var fitted = Run(With(Blank(Dataset.Train, split.Fit[..20])));

        Assert.Equal(run.History.Select(point => (point.TrainLoss, point.LearnedRates)), other.History.Select(point => (point.TrainLoss, point.LearnedRates)));
        Assert.NotEqual(run.History[^1].SelectionError, other.History[^1].SelectionError);
        Assert.NotEqual(run.TestError, other.TestError);
        Assert.NotEqual(run.History[^1].LearnedRates, fitted.History[^1].LearnedRates);
    }

    [Fact]
    public void Run_Patience_CountsFromTheEndOfTheSearch()
    {
        var run = Run(With(Blank(Dataset.Train, Protocol.Holdout.Split(Dataset.Train.Labels, Seed).Selection)), Settings with { Epochs = 40, Patience = 2 });

        // Blank inputs are answered alike, so no epoch is soon better than the first one looked at, which is that after the search.
        Assert.Equal(12, GapMatchedRate.SearchEpochs(40));
        Assert.InRange(run.BestEpoch, 12, 39);
        Assert.Equal(run.BestEpoch + 3, run.Epochs);
    }

    [Fact]
    public void CheckPlaces_OneEpoch_IsRefused() => Assert.Equal(
        "epochs must be at least 2 for gap-matched, one to find the rate in and one to train with it, but got 1.",
        Assert.Throws<ArgumentException>(() => (Settings with { Epochs = 1 }).CheckPlaces()).Message);

    private static RunResult Run(ImageDataset dataset, ComparisonSettings? settings = null)
    {
        using var comparison = new Comparison(dataset, settings ?? Settings, CPU);
        return Assert.Single(comparison.Run());
    }

    private static ImageDataset With(ImageSet? train = null, ImageSet? test = null) =>
        new(Dataset.Name, Dataset.NumClasses, Dataset.ClassNames, train ?? Dataset.Train, test ?? Dataset.Test, Dataset.Source, Dataset.Files);

    private static ImageSet Blank(ImageSet images, IEnumerable<long> rows)
    {
        var blank = rows.ToHashSet();
        byte[] pixels = [.. Enumerable.Range(0, images.Count).SelectMany(row => blank.Contains(row) ? new byte[images.PixelsOf(row).Length] : images.PixelsOf(row).ToArray())];
        return new(images.Channels, images.Height, images.Width, pixels, images.Labels.ToArray(), (byte)images.MaxValue);
    }
}
