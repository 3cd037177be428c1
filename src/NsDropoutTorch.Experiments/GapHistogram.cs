namespace NsDropoutTorch.Experiments;

/// <summary>
/// How the gaps of the neurons, mean in training minus mean in validation, are distributed: <c>gaps</c> of a run in <c>results.json</c>.
/// </summary>
/// <param name="Low">Lower edge of the first bin.</param>
/// <param name="High">Upper edge of the last bin; all are equally wide.</param>
/// <param name="Counts">For each class the number of neurons in each bin.</param>
public sealed record GapHistogram(double Low, double High, IReadOnlyList<IReadOnlyList<long>> Counts);
