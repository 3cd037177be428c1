namespace NsDropoutTorch;

/// <summary>
/// A module that learns from validation activations. In eval mode it hands each batch to <see cref="ValidationCapture.For"/>,
/// and gets the sum of all batches back when the capture is completed. Trainers know such modules by this interface alone.
/// </summary>
public interface ICapturesValidation
{
    /// <summary>Whether the module holds statistics of an earlier capture (or of a loaded one).</summary>
    bool HasValidation { get; }

    /// <summary>Replaces the module's cache, unless there are no rows. Called once per completed capture that reached the module.</summary>
    /// <param name="statistics">All rows of the capture; the module becomes its owner.</param>
    void CacheValidation(ValidationStatistics statistics);
}
