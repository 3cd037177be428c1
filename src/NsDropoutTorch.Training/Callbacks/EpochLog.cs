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

    /// <summary>The first line; null: none.</summary>
    /// <param name="learned">Names of the modules that learn a drop rate.</param>
    protected virtual string? Header(IEnumerable<string> learned) => null;

    /// <inheritdoc/>
    public sealed override void OnFitBegin(FitContext context)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string[] lines = [.. Header(LearnedRates.Of(context.Model).Keys) is { } header ? [header] : Array.Empty<string>(), .. context.History.Select(Line)];
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(string.Concat(lines.Select(line => line + "\n")));
        });
    }

    /// <inheritdoc/>
    public sealed override void OnEpochEnd(FitContext context, EpochRecord record) => File.AppendAllText(path, Line(record) + "\n");

    /// <summary>The line of an epoch, without its end.</summary>
    /// <param name="record">What the epoch measured.</param>
    protected abstract string Line(EpochRecord record);
}

/// <summary>Writes <c>epochIndex,trainLoss,penaltyLoss,trainError,selectionLoss,selectionError,learningRate,seconds</c>; the index of an epoch counts from 0, errors are fractions, what was not measured is empty. Then a column <c>p.NAME</c> for each module that learns its drop rate.</summary>
/// <param name="path">The file; an existing one is replaced.</param>
public sealed class CsvLog(string path) : EpochLog(path)
{
    /// <inheritdoc/>
    protected override string Header(IEnumerable<string> learned) => EpochText.CsvHeader(learned);

    /// <inheritdoc/>
    protected override string Line(EpochRecord record) => EpochText.Csv(record);
}

/// <summary>Writes one JSON object a line with the names of <see cref="CsvLog"/>'s columns, and <c>learnedRates</c>, an object of the drop rates that modules learn, by their names; what was not measured or is not finite is null.</summary>
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
