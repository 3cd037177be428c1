namespace NsDropoutTorch.Experiments;

/// <summary>What a regularising layer is told of the place it stands in.</summary>
/// <param name="NumFeatures">Width F of its inputs <c>[N,F]</c>.</param>
/// <param name="NumClasses">Number of classes C of the labels.</param>
/// <param name="P">Rate of units dropped, in [0, 1).</param>
public sealed record LayerSettings(long NumFeatures, long NumClasses, double P);
