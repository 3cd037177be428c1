using System.Globalization;

namespace NsDropoutTorch.Training;

/// <summary>Records of epochs as lines of text, in the invariant culture and without loss of digits.</summary>
internal static class EpochText
{
    private static readonly (string Name, Func<EpochRecord, double?> Of)[] Columns =
    [
        ("epoch", static record => record.Epoch),
        ("trainLoss", static record => record.TrainLoss),
        ("penaltyLoss", static record => record.PenaltyLoss),
        ("trainError", static record => record.TrainError),
        ("selectionLoss", static record => record.SelectionLoss),
        ("selectionError", static record => record.SelectionError),
        ("learningRate", static record => record.LearningRate),
        ("seconds", static record => record.Seconds),
    ];

    public static string CsvHeader { get; } = string.Join(',', Columns.Select(column => column.Name));

    /// <summary>What was not measured is an empty field.</summary>
    public static string Csv(EpochRecord record) => string.Join(',', Columns.Select(column => Number(column.Of(record))));

    /// <summary>JSON has no NaN and no infinity: they become null, as what was not measured does.</summary>
    public static string Json(EpochRecord record) =>
        "{" + string.Join(',', Columns.Select(column => $"\"{column.Name}\":{Finite(column.Of(record))}")) + "}";

    private static string Finite(double? value) => value is { } number && double.IsFinite(number) ? Number(number) : "null";

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
