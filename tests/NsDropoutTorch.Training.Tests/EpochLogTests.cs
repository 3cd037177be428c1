using System.Globalization;
using System.Text.Json;
using NsDropoutTorch.Data.Formats;
using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;

namespace NsDropoutTorch.Training.Tests;

public sealed class EpochLogTests : IDisposable
{
    private static readonly EpochRecord Record = new(3, 0.5, 0, 1 / 3.0, null, double.NaN, 1e-5, 12345.678);

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public void Csv_Record_KeepsAllDigitsAndLeavesTheUnmeasuredEmpty()
    {
        Assert.Equal("epochIndex,trainLoss,penaltyLoss,trainError,selectionLoss,selectionError,learningRate,seconds", EpochText.CsvHeader(Record));
        Assert.Equal("3,0.5,0,0.3333333333333333,,NaN,1E-05,12345.678", EpochText.Csv(Record));
    }

    [Fact]
    public void Json_Record_IsValidWithNullForTheUnmeasuredAndNonFinite()
    {
        var line = EpochText.Json(Record);

        var root = JsonDocument.Parse(line).RootElement;
        Assert.Equal(3, root.GetProperty("epochIndex").GetInt32());
        Assert.Equal(1 / 3.0, root.GetProperty("trainError").GetDouble());
        Assert.Equal(1e-5, root.GetProperty("learningRate").GetDouble());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("selectionLoss").ValueKind);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("selectionError").ValueKind);
        Assert.Empty(root.GetProperty("learnedRates").EnumerateObject());
        Assert.Equal(11, root.EnumerateObject().Count());
    }

    [Fact]
    public void Csv_LearnedRates_AreColumnsAfterTheOthers()
    {
        var record = Record with { LearnedRates = new([new("drop", 0.1), new("a \"b\", c", 1 / 3.0)]) };

        Assert.EndsWith(",seconds,p.drop,\"p.a \"\"b\"\", c\"", EpochText.CsvHeader(record), StringComparison.Ordinal);
        Assert.EndsWith(",12345.678,0.1,0.3333333333333333", EpochText.Csv(record), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_LearnedRates_AreAnObject()
    {
        var rates = JsonDocument.Parse(EpochText.Json(Record with { LearnedRates = new([new("drop", 0.1), new("a \"b\"", double.NaN)]) }))
            .RootElement.GetProperty("learnedRates");

        Assert.Equal(0.1, rates.GetProperty("drop").GetDouble());
        Assert.Equal(JsonValueKind.Null, rates.GetProperty("a \"b\"").ValueKind);
    }

    [Fact]
    public void Fit_ModelThatLearnsARate_LogsItUnderTheModulesName()
    {
        var (csv, json) = (Path.Combine(folder, "log.csv"), Path.Combine(folder, "log.jsonl"));
        using var data = Models.Clouds(32, 1);
        using var model = Models.Mlp(TorchSharp.torch.nn.ConcreteDropout(16));

        var history = Trainer.Fit(model, data, null, new TrainerOptions { Epochs = 2 }, [new CsvLog(csv), new JsonLinesLog(json)]).History;

        Assert.Equal([EpochText.CsvHeader(history[0]), .. history.Select(EpochText.Csv)], File.ReadAllLines(csv));
        Assert.Equal(history.Select(EpochText.Json), File.ReadAllLines(json));
        Assert.All(history, record => Assert.InRange(record.LearnedRates["layer"], 0.05, 0.2));
    }

    [Fact]
    public void Fit_Logs_HoldHeaderAndOneLinePerEpochAfterEachEpoch()
    {
        var (csv, json) = (Path.Combine(folder, "new", "log.csv"), Path.Combine(folder, "log.jsonl"));
        var lines = new List<(int Csv, int Json)>();
        var recorder = new Recorder { EpochEnd = (_, _) => lines.Add((File.ReadAllLines(csv).Length, File.ReadAllLines(json).Length)) };

        var history = Fit(3, new CsvLog(csv), new JsonLinesLog(json), recorder);

        Assert.Equal([(2, 1), (3, 2), (4, 3)], lines);
        Assert.Equal([EpochText.CsvHeader(history[0]), .. history.Select(EpochText.Csv)], File.ReadAllLines(csv));
        Assert.Equal(history.Select(EpochText.Json), File.ReadAllLines(json));
        Assert.DoesNotContain('\r', File.ReadAllText(csv));
    }

    [Fact]
    public void Fit_FileOfAnEarlierRun_IsReplaced()
    {
        var csv = Path.Combine(folder, "log.csv");
        Fit(3, new CsvLog(csv));

        Fit(1, new CsvLog(csv));

        Assert.Equal(2, File.ReadAllLines(csv).Length);
    }

    [Fact]
    public void OnFitBegin_ResumedRun_RewritesWhatWasLoggedUpToThen()
    {
        var csv = Path.Combine(folder, "log.csv");
        File.WriteAllText(csv, "epochs that the resumed run does not know of, the last line torn in ha");
        using var model = Models.Mlp();
        using var progress = new RunProgress(torch.CPU, []);
        progress.EndEpoch(Record);
        var context = new FitContext(model, new TrainerOptions(), 1, progress, null!);
        var log = new CsvLog(csv);

        log.OnFitBegin(context);
        log.OnEpochEnd(context, Record with { Epoch = 4 });

        Assert.Equal([EpochText.CsvHeader(Record), EpochText.Csv(Record), EpochText.Csv(Record with { Epoch = 4 })], File.ReadAllLines(csv));
        Assert.Equal([csv], Directory.GetFiles(folder));
    }

    [Fact]
    public void Csv_GermanCulture_IsTheSame()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.StartsWith("3,0.5,", EpochText.Csv(Record), StringComparison.Ordinal);
            Assert.Contains(":0.5,", EpochText.Json(Record), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static IReadOnlyList<EpochRecord> Fit(int epochs, params Callback[] callbacks)
    {
        using var data = Models.Clouds(32, 1);
        using var model = Models.Mlp();
        return Trainer.Fit(model, data, data, new TrainerOptions { Epochs = epochs }, callbacks).History;
    }
}
