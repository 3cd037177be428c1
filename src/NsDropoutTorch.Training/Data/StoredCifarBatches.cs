namespace NsDropoutTorch.Training.Data;

/// <summary>
/// CIFAR-10's data_batch_1 to learn from and data_batch_2 to judge by, for copies whose test batch holds too few images for a tight figure. Figures are
/// comparable with each other, not with those published for CIFAR-10.
/// </summary>
internal sealed class StoredCifarBatches : StoredCifar
{
    private const int BatchSize = 10_000;

    /// <inheritdoc/>
    protected override Dataset Read(string folder)
    {
        var whole = (ImageDataset)base.Read(folder);
        return whole.Train.Count >= 2 * BatchSize
            ? new ImageDataset(Name, whole.NumClasses, whole.ClassNames, whole.Train.Slice(0, BatchSize), whole.Train.Slice(BatchSize, BatchSize), Source, [])
            : throw new DataFormatException(
                $"{Name} needs data_batch_1.bin and data_batch_2.bin of {BatchSize} records each, but the batches in {folder} hold {whole.Train.Count}.");
    }
}
