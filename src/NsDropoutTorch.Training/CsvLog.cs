namespace NsDropoutTorch.Training;

/// <summary>Writes <c>epochIndex,trainLoss,penaltyLoss,trainError,selectionLoss,selectionError,learningRate,seconds</c>; the index of an epoch counts from 0, errors are fractions, what was not measured is empty. Then a column <c>p.NAME</c> for each module that learns its drop rate.</summary>
/// <param name="path">The file; one already there is replaced.</param>
public sealed class CsvLog(string path) : EpochLog(path)
{
    /// <inheritdoc/>
    protected override string Header(IEnumerable<string> learned) => EpochText.CsvHeader(learned);

    /// <inheritdoc/>
    protected override string Line(EpochRecord record) => EpochText.Csv(record);
}
