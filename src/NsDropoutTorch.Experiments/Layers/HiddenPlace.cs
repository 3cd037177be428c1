namespace NsDropoutTorch.Experiments.Layers;

/// <summary>What a hidden layer is, and with it the activations that a regularising layer finds there.</summary>
public enum HiddenPlace
{
    /// <summary>A linear map, with features <c>[N,F]</c>.</summary>
    Linear,

    /// <summary>A convolution, with channels <c>[N,C,H,W]</c>.</summary>
    Convolution,

    /// <summary>A convolution of volumes, with channels <c>[N,C,D,H,W]</c>.</summary>
    Convolution3d,

    /// <summary>A recurrent layer, with sequences <c>[N,T,F]</c>.</summary>
    Recurrent,

    /// <summary>An embedding, with the vectors of words, sequences <c>[N,T,F]</c>.</summary>
    Embedding,
}
