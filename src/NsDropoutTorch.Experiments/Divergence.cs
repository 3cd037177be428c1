namespace NsDropoutTorch.Experiments;

/// <summary>
/// Where the numbers of a training ceased to be finite: <c>diverged</c> in <c>results.json</c>. Such a training has no result: what a network of NaN answers is an
/// error in [0, 1] like any other, and says nothing of its layer.
/// </summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Epoch">The epoch in which it was first seen, from 0; null where nobody watched the training.</param>
/// <param name="What">What was not finite: <c>training loss</c>, <c>weights</c>, …</param>
public sealed record Divergence(long Seed, int? Epoch, string What)
{
    /// <summary>For example <c>seed 22 in epoch 4 (training loss not finite)</c>; epochs are counted from 1 here.</summary>
    public override string ToString() => $"seed {Seed}{(Epoch is { } epoch ? $" in epoch {epoch + 1}" : "")} ({What} not finite)";
}
