namespace NsDropoutTorch.Training;

/// <summary>Writes one JSON object a line with the names of <see cref="CsvLog"/>'s columns, and <c>learnedRates</c>, an object of the drop rates that modules learn, by their names; what was not measured or is not finite is null.</summary>
/// <param name="path">The file; one already there is replaced.</param>
public sealed class JsonLinesLog(string path) : EpochLog(path)
{
    /// <inheritdoc/>
    protected override string Line(EpochRecord record) => EpochText.Json(record);
}
