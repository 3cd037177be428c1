using System.Text.Json.Nodes;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class ResultsJsonTests
{
    private static readonly ComparisonResults Results = Samples.Results(
        Samples.Run("none", 22, 0.0501), Samples.Run("nsdropout", 22, 0.873, 0.0001, 0.986));

    [Fact]
    public void Format_Document_HasTheNamesOfTheSchema()
    {
        var document = JsonNode.Parse(ResultsJson.Format(Results))!;

        Assert.Equal(["schema", "environment", "settings", "runs", "comparisons", "audits"], Names(document));
        Assert.Equal(1, (int)document["schema"]!);
        var run = document["runs"]![1]!;
        Assert.Equal(
            [
                "layer", "p", "seed", "epochs", "bestEpoch", "testError", "testErrorLabelMask", "maskFollowingRate", "trainSeconds",
                "samplesPerSecond", "history", "confusion", "testLoss", "split", "audit", "diverged",
            ],
            Names(run));
        Assert.Equal(["epoch", "trainLoss", "trainError", "selectionLoss", "selectionError", "selectionErrorLabelMask", "learningRate"], Names(run["history"]![0]!));
        Assert.Equal(
            [
                "project", "torchSharp", "libtorch", "dotnet", "os", "architecture", "processor", "cores", "threads", "device", "started", "data",
            ],
            Names(document["environment"]!));
        Assert.Equal(["source", "trainCount", "testCount", "files"], Names(document["environment"]!["data"]!));
        Assert.Equal(["name", "bytes", "sha256"], Names(document["environment"]!["data"]!["files"]![0]!));
        Assert.Equal(
            [
                "dataset", "datasetPath", "layers", "protocol", "seeds", "epochs", "batchSize", "p", "model", "hidden", "after", "learningRate", "decay", "adamEps",
                "firstLayerL2", "initialStd", "standardize", "patience", "recipe", "noiseEpochs",
            ],
            Names(document["settings"]!));
        Assert.Equal(["testErrorMeanMask", "noise"], Names(run["audit"]!));
        Assert.Equal(["epochs", "testError", "testErrorLabelMask", "maskFollowingRate", "diverged"], Names(run["audit"]!["noise"]!));
        var audit = document["audits"]![1]!;
        Assert.Equal(
            [
                "layer", "verdict", "testError", "testErrorMeanMask", "testErrorLabelMask", "maskFollowingRate", "chanceRate", "chanceBound", "noise", "ratesTested", "diverged", "sentence",
            ],
            Names(audit));
        Assert.Equal("clean", (string)document["audits"]![0]!["verdict"]!);
        Assert.Equal(["layer", "baseline", "pairs", "meanDifference", "interval", "p", "pHolm", "smallestP", "medianDifference", "medianInterval"], Names(document["comparisons"]![0]!));
    }

    [Fact]
    public void Format_LayerWithoutLabels_WritesNulls()
    {
        var run = JsonNode.Parse(ResultsJson.Format(Results))!["runs"]![0]!.AsObject();

        Assert.True(run.ContainsKey("testErrorLabelMask"));
        Assert.Null(run["testErrorLabelMask"]);
        Assert.Null(run["maskFollowingRate"]);
        Assert.True(run.ContainsKey("audit"));
        Assert.Null(run["audit"]);
    }

    [Fact]
    public void Format_Text_IsIndentedAndReadable()
    {
        var text = ResultsJson.Format(Results);

        Assert.StartsWith("{\n  \"schema\": 1,\n", text, StringComparison.Ordinal);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.Contains("Ö. Müller", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<digits>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Formatted_GivesTheSameDocument() =>
        Assert.Equal(ResultsJson.Format(Results), ResultsJson.Format(ResultsJson.Parse(ResultsJson.Format(Results))));

    [Fact]
    public void Parse_OtherSchema_SaysTheRule()
    {
        var other = ResultsJson.Format(Results with { Schema = 2 });

        Assert.Equal("results must be of schema 1, but got 2.", Assert.Throws<FormatException>(() => ResultsJson.Parse(other)).Message);
    }

    [Fact]
    public void Parse_NoJson_SaysTheRule() => Assert.StartsWith(
        "results must be a JSON document as nsdropout compare writes it, but got: ",
        Assert.Throws<FormatException>(() => ResultsJson.Parse("{ \"schema\": 1, ")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Write_Folder_HoldsTheDocumentAndNothingElse()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var path = ResultsJson.Write(folder, Results);

            Assert.Equal([path], Directory.GetFiles(folder));
            Assert.Equal("results.json", Path.GetFileName(path));
            Assert.Equal(ResultsJson.Format(Results), File.ReadAllText(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Names(JsonNode node) => [.. node.AsObject().Select(property => property.Key)];
}
