namespace NsDropoutTorch.Experiments.Report;

/// <summary>The errors of a training run over its epochs, as fractions in [0, 1].</summary>
/// <param name="Name">What was trained.</param>
/// <param name="Train">Error on samples learnt from, by epoch; NaN where it was not measured.</param>
/// <param name="Test">Error on other samples, likewise.</param>
public sealed record ErrorCurves(string Name, IReadOnlyList<double> Train, IReadOnlyList<double> Test);
