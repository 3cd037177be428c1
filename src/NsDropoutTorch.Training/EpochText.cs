using System.Globalization;
using System.Text.Json;

namespace NsDropoutTorch.Training;

/// <summary>Records of epochs as lines of text, in the invariant culture and without loss of digits.</summary>
internal static class EpochText
{
    private static readonly (string Name, Func<EpochRecord, double?> Of)[] Columns =
    [
        ("epochIndex", static record => record.Epoch),
        ("trainLoss", static record => record.TrainLoss),
        ("penaltyLoss", static record => record.PenaltyLoss),
        ("trainError", static record => record.TrainError),
        ("selectionLoss", static record => record.SelectionLoss),
        ("selectionError", static record => record.SelectionError),
        ("learningRate", static record => record.LearningRate),
        ("seconds", static record => record.Seconds),
    ];

    public static string CsvHeader(IEnumerable<string> learned) =>
        string.Join(',', Columns.Select(column => column.Name).Concat(learned.Select(name => Field($"p.{name}"))));

    /// <summary>What was not measured is an empty field.</summary>
    public static string Csv(EpochRecord record) => string.Join(
        ',', Columns.Select(column => column.Of(record)).Concat(record.LearnedRates.Values.Select(rate => (double?)rate)).Select(Number));

    /// <summary>JSON has no NaN and no infinity: they become null, as what was not measured does.</summary>
    public static string Json(EpochRecord record) =>
        "{" + string.Join(',', Columns.Select(column => Member(column.Name, column.Of(record)))) + $",\"learnedRates\":{Json(record.LearnedRates)}}}";

    private static string Json(LearnedRates rates) => "{" + string.Join(',', rates.Select(rate => Member(rate.Key, rate.Value))) + "}";

    private static string Member(string name, double? value) => $"{JsonSerializer.Serialize(name)}:{Finite(value)}";

    private static string Field(string text) => text.AsSpan().ContainsAny(",\"\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static string Finite(double? value) => value is { } number && double.IsFinite(number) ? Number(number) : "null";

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
