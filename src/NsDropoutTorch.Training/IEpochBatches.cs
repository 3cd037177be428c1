namespace NsDropoutTorch.Training;

/// <summary>The batches of a run, epoch by epoch.</summary>
internal interface IEpochBatches : IDisposable
{
    /// <summary>Batches in each epoch.</summary>
    int Count { get; }

    /// <summary>Sizes of batches that come, as far as they are known before.</summary>
    IEnumerable<long> KnownSizes { get; }

    /// <summary>Prepares an epoch; what that takes lives as long as the caller's dispose scope.</summary>
    void Begin(int epoch);

    /// <summary>Batch <paramref name="step"/> of the epoch begun last, on the model's device; steps only go up.</summary>
    Batch Take(int step);
}
