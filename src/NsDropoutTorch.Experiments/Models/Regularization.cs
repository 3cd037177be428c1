using NsDropoutTorch.Experiments.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Models;

/// <summary>What a network asks at each of its hidden layers, counted from 1: how it is regularised there.</summary>
/// <param name="layer">The regularising layer.</param>
/// <param name="after">The hidden layers it belongs to.</param>
/// <param name="numClasses">Number of classes C.</param>
/// <param name="p">The rate of a layer that names none.</param>
public sealed class Regularization(LayerSpecification layer, IReadOnlyCollection<int> after, long numClasses, double p)
{
    /// <summary>The linear map of a hidden layer: the layer itself where it takes that place, else <c>nn.Linear</c>.</summary>
    /// <param name="hidden">Number of the hidden layer.</param>
    /// <param name="numInputs">Its inputs.</param>
    /// <param name="numFeatures">Its outputs F.</param>
    public nn.Module<Tensor, Tensor> Linear(int hidden, long numInputs, long numFeatures) =>
        after.Contains(hidden) && layer.Kind.Linear is { } create ? create(numInputs, Settings(numFeatures)) : nn.Linear(numInputs, numFeatures);

    /// <summary>The convolution of a hidden layer: the layer itself where it takes that place, else <c>nn.Conv2d</c>.</summary>
    /// <param name="hidden">Number of the hidden layer.</param>
    /// <param name="numChannels">Its outputs C.</param>
    /// <param name="place">Its other sizes.</param>
    public nn.Module<Tensor, Tensor> Convolution(int hidden, long numChannels, ConvolutionPlace place) => after.Contains(hidden) && layer.Kind.Convolution is { } create
        ? create(place, Settings(numChannels))
        : nn.Conv2d(place.NumInputs, numChannels, place.KernelSize, padding: place.Padding);

    /// <summary>The embedding of a hidden layer: the layer itself where it takes that place, else <c>nn.Embedding</c>.</summary>
    /// <param name="hidden">Number of the hidden layer.</param>
    /// <param name="numWords">Its words V.</param>
    /// <param name="numFeatures">Size F of a word's vector.</param>
    public nn.Module<Tensor, Tensor> Embedding(int hidden, long numWords, long numFeatures) =>
        after.Contains(hidden) && layer.Kind.Embedding is { } create ? create(numWords, Settings(numFeatures)) : nn.Embedding(numWords, numFeatures);

    /// <summary>What comes after the activations <c>[N,F]</c> of a hidden layer; null: nothing.</summary>
    /// <param name="hidden">Number of the hidden layer.</param>
    /// <param name="numFeatures">F.</param>
    public nn.Module<Tensor, Tensor>? After(int hidden, long numFeatures) =>
        after.Contains(hidden) ? layer.Kind.Features?.Invoke(Settings(numFeatures)) : null;

    /// <summary>What comes after the activations <c>[N,C,H,W]</c> of a convolution; null: nothing.</summary>
    /// <param name="hidden">Number of the hidden layer.</param>
    /// <param name="numChannels">C.</param>
    public nn.Module<Tensor, Tensor>? AfterConvolution(int hidden, long numChannels) =>
        after.Contains(hidden) ? layer.Kind.Channels?.Invoke(Settings(numChannels)) : null;

    /// <summary>What comes after the activations <c>[N,C,D,H,W]</c> of a convolution of volumes; null: nothing.</summary>
    /// <param name="hidden">Number of the hidden layer.</param>
    /// <param name="numChannels">C.</param>
    public nn.Module<Tensor, Tensor>? AfterConvolution3d(int hidden, long numChannels) =>
        after.Contains(hidden) ? layer.Kind.Volumes?.Invoke(Settings(numChannels)) : null;

    /// <summary>What comes after the activations <c>[N,T,F]</c> of a recurrent layer or an embedding; null: nothing.</summary>
    /// <param name="hidden">Number of the hidden layer.</param>
    /// <param name="numFeatures">F.</param>
    public nn.Module<Tensor, Tensor>? AfterSequences(int hidden, long numFeatures) =>
        after.Contains(hidden) ? layer.Kind.Sequences?.Invoke(Settings(numFeatures)) : null;

    private LayerSettings Settings(long numFeatures) => new(layer, numFeatures, numClasses, layer.P(p));
}
