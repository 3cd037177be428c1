namespace NsDropoutTorch.Experiments;

/// <summary>What a regularising layer is told of itself and of the place it stands in.</summary>
/// <param name="Layer">The layer and its options.</param>
/// <param name="NumFeatures">Width F of its inputs <c>[N,F]</c>, or their number of channels.</param>
/// <param name="NumClasses">Number of classes C of the labels.</param>
/// <param name="P">Its rate, in [0, 1).</param>
public sealed record LayerSettings(LayerSpecification Layer, long NumFeatures, long NumClasses, double P);
