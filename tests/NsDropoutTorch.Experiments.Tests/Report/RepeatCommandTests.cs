using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Data.Formats;
using NsDropoutTorch.Experiments.Report;

namespace NsDropoutTorch.Experiments.Tests.Report;

public sealed class RepeatCommandTests
{
    [Fact]
    public void Of_Settings_WritesEveryOption() => Assert.Equal(
        "nsdropout compare --dataset digits --layers none,concrete,nsdropout --protocol reference --seeds 22..24 --epochs 3 --batch-size full --p 0.2 --model mlp "
        + "--hidden 16,8 --after 1 --lr 0.005 --decay 5E-07 --adam-eps 1E-07 --l2 0.0005 --init-std 0.01 --standardize no --patience none --noise-epochs same --device cpu --threads 2 --out results",
        Command("digits"));

    [Fact]
    public void Of_NameWithSpacesAndQuotes_IsQuotedForTheShell() =>
        Assert.Contains(@"--dataset 'it'\''s $HOME' --layers", Command("it's $HOME"), StringComparison.Ordinal);

    [Fact]
    public void Of_DataByPath_NamesThePathThatWasGiven()
    {
        var settings = ReportSamples.Full.Settings with { DatasetPath = "tables/digits.csv" };

        Assert.Contains("--dataset tables/digits.csv --layers", RepeatCommand.Of(settings, ReportSamples.Full.Environment).Replace(" \\\n  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ChoicesForACsvFile_AreWritten()
    {
        var settings = ReportSamples.Full.Settings with { DatasetPath = "t.csv", Label = "kind of", Header = CsvHeader.Yes };

        Assert.Contains(
            "--dataset t.csv --label 'kind of' --header yes --layers",
            RepeatCommand.Of(settings, ReportSamples.Full.Environment).Replace(" \\\n  ", " ", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Seeds_NeighboursAndOthers_BecomeRanges() => Assert.Equal("22..24,30,40..41", RepeatCommand.Seeds([22, 23, 24, 30, 40, 41]));

    private static string Command(string dataset) =>
        RepeatCommand.Of(ReportSamples.Full.Settings with { Dataset = dataset }, ReportSamples.Full.Environment).Replace(" \\\n  ", " ", StringComparison.Ordinal);
}
