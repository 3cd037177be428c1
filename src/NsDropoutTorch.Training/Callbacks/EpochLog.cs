using System.Globalization;
using System.Text.Json;
using NsDropoutTorch.Data.Formats;
using NsDropoutTorch.Training.Checkpoints;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>
/// A text file with one line per epoch, complete after each epoch. The file begins anew with the run's history:
/// empty for a new run; for a resumed one, what it had logged up to the point it resumes from, so that no epoch is there twice.
/// </summary>
/// <param name="path">The file; its folder is made if missing.</param>
public abstract class EpochLog(string path) : Callback
{
    private readonly string path = Path.GetFullPath(path);
    private bool hasHeader;

    /// <summary>The line before that of the first epoch; null: none.</summary>
    /// <param name="first">What the first epoch measured; the others measure the same.</param>
    protected virtual string? Header(EpochRecord first) => null;

    /// <inheritdoc/>
    public sealed override void OnFitBegin(FitContext context)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        hasHeader = false;
        var text = string.Concat(context.History.Select(TextOf));
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(text);
        });
    }

    /// <inheritdoc/>
    public sealed override void OnEpochEnd(FitContext context, EpochRecord record) => File.AppendAllText(path, TextOf(record));

    /// <summary>The line of an epoch, without its end.</summary>
    /// <param name="record">What the epoch measured.</param>
    protected abstract string Line(EpochRecord record);

    private string TextOf(EpochRecord record)
    {
        var header = hasHeader || Header(record) is not { } line ? "" : line + "\n";
        hasHeader = true;
        return header + Line(record) + "\n";
    }
}

/// <summary>Writes <c>epochIndex,trainLoss,penaltyLoss,trainError,selectionLoss,selectionError,learningRate,seconds</c>; the index of an epoch counts from 0, errors are fractions, what was not measured is empty. Then columns <c>train.NAME</c> and <c>selection.NAME</c> for metrics, and <c>p.NAME</c> for each module that learns its drop rate.</summary>
/// <param name="path">The file; an existing one is replaced.</param>
public sealed class CsvLog(string path) : EpochLog(path)
{
    /// <inheritdoc/>
    protected override string Header(EpochRecord first) => EpochText.CsvHeader(first);

    /// <inheritdoc/>
    protected override string Line(EpochRecord record) => EpochText.Csv(record);
}

/// <summary>Writes one JSON object a line with the names of <see cref="CsvLog"/>'s columns, and the objects <c>trainMetrics</c>, <c>selectionMetrics</c> and <c>learnedRates</c> (drop rates by the names of their modules); what was not measured or is not finite is null.</summary>
/// <param name="path">The file; an existing one is replaced.</param>
public sealed class JsonLinesLog(string path) : EpochLog(path)
{
    /// <inheritdoc/>
    protected override string Line(EpochRecord record) => EpochText.Json(record);
}

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

    public static string CsvHeader(EpochRecord record) =>
        string.Join(',', Columns.Select(column => column.Name).Concat(Named(record).SelectMany(named => named.Values.Keys.Select(name => Field($"{named.Prefix}.{name}")))));

    /// <summary>What was not measured is an empty field.</summary>
    public static string Csv(EpochRecord record) =>
        string.Join(',', Columns.Select(column => column.Of(record)).Concat(Named(record).SelectMany(named => named.Values.Values.Select(value => (double?)value))).Select(Number));

    /// <summary>JSON has no NaN and no infinity: they become null, as what was not measured does.</summary>
    public static string Json(EpochRecord record) =>
        "{" + string.Join(',', Columns.Select(column => Member(column.Name, column.Of(record))).Concat(Named(record).Select(named => $"\"{named.Key}\":{Json(named.Values)}"))) + "}";

    private static (string Prefix, string Key, NamedValues Values)[] Named(EpochRecord record) =>
        [("train", "trainMetrics", record.TrainMetrics), ("selection", "selectionMetrics", record.SelectionMetrics), ("p", "learnedRates", record.LearnedRates)];

    private static string Json(NamedValues values) => "{" + string.Join(',', values.Select(value => Member(value.Key, value.Value))) + "}";

    private static string Member(string name, double? value) => $"{JsonSerializer.Serialize(name)}:{Finite(value)}";

    private static string Field(string text) => text.AsSpan().ContainsAny(",\"\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static string Finite(double? value) => value is { } number && double.IsFinite(number) ? Number(number) : "null";

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
