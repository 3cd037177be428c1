namespace NsDropoutTorch.Training.Tests;

/// <summary>Histories by hand.</summary>
internal static class Records
{
    /// <summary>One epoch after the other with these selection losses and errors alike.</summary>
    public static EpochRecord[] Of(params double?[] selection) =>
        [.. selection.Select((value, epoch) => new EpochRecord(epoch, 1, 0, 1, value, value, 0.1, 1))];
}
