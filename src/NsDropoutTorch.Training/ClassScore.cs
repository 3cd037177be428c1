namespace NsDropoutTorch.Training;

/// <summary>How well one class, or the mean over classes, is recognised; all in [0, 1].</summary>
/// <param name="Name">The class, or which mean.</param>
/// <param name="Precision">Part of the samples predicted as the class that are of it.</param>
/// <param name="Recall">Part of the samples of the class that are predicted as it.</param>
/// <param name="F1">Harmonic mean of the two.</param>
/// <param name="Support">Samples of the class.</param>
public sealed record ClassScore(string Name, double Precision, double Recall, double F1, long Support);
