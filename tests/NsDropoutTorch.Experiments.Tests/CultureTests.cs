using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Report;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Experiments.Storage;
using NsDropoutTorch.Experiments.Tests.Report;
using NsDropoutTorch.Tests.Support;

namespace NsDropoutTorch.Experiments.Tests;

/// <summary>Results are the same bytes in every country, and are read back there.</summary>
public sealed class CultureTests
{
    [CultureTheory]
    [ClassData(typeof(Cultures))]
    public void Results_AreThoseOfTheInvariantCulture(string culture) => Assert.Equal(TestCulture.Under("", Texts), TestCulture.Under(culture, Texts));

    [CultureTheory]
    [ClassData(typeof(Cultures))]
    public void Parse_ResultsAndLayers_AreReadWithADecimalPoint(string culture)
    {
        var json = TestCulture.Under("", () => ResultsJson.Format(ReportSamples.Full));

        // What is computed from the runs is computed again when a document is read.
        Assert.Equal(
            TestCulture.Under("", () => ResultsJson.Format(ResultsJson.Parse(json))), TestCulture.Under(culture, () => ResultsJson.Format(ResultsJson.Parse(json))));
        Assert.Equal("dropout:p=0.25", TestCulture.Under(culture, () => LayerSpecification.Parse("dropout:p=0.25").ToString()));
        Assert.Equal(0.25, TestCulture.Under(culture, () => LayerSpecification.Parse("dropout:p=0.25").P(0.5)));
    }

    private static string[] Texts()
    {
        return
        [
            ResultsJson.Format(ReportSamples.Full),
            HtmlReport.Render(ReportSamples.Full),
            ResultsTable.Of(Samples.Results(Samples.Run("none", 22, 0.0501), Samples.Run("nsdropout", 22, 0.873, 0.0001, 0.986))).ToString(),
            RunFingerprint.Of(ReportSamples.Full.Settings, ReportSamples.Full.Environment).ToJson().ToJsonString(),
            Says(() => _ = new ComparisonSettings { Dataset = "x", P = 1.5 }),
            Says(() => LayerSpecification.Parse("dropout:p=-0.5")),
            Says(() => _ = new ComparisonSettings { Dataset = "x", Epochs = -1 }),
        ];
    }

    private static string Says(Action act) => Assert.Throws<ArgumentException>(act).Message;
}
