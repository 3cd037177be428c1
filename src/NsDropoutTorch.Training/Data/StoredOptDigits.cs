namespace NsDropoutTorch.Training.Data;

/// <summary>Optdigits: one CSV file to train, one to test.</summary>
internal sealed class StoredOptDigits : StoredDataset
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> FilesIn(string folder) => ["optdigits.tra", "optdigits.tes"];

    /// <inheritdoc/>
    protected override Dataset Read(string folder) => new ImageDataset(
        Name,
        OptDigits.ClassNames.Count,
        OptDigits.ClassNames,
        OptDigits.ReadFile(Path.Combine(folder, "optdigits.tra")),
        OptDigits.ReadFile(Path.Combine(folder, "optdigits.tes")),
        Source,
        []);
}
