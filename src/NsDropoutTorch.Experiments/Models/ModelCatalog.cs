using System.Text.Json.Serialization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Models;

/// <summary>All networks that can be compared, by name.</summary>
public static class ModelCatalog
{
    /// <summary>The network of the reference notebooks, unless widths say otherwise.</summary>
    public static ModelKind Mlp { get; } = new("mlp", "linear layers with ReLU", Models.Mlp.FirstLayer, Before: [], Hidden: [128, 128, 128], After: [1], Models.Mlp.Build);

    /// <summary>A small convolutional network.</summary>
    public static ModelKind Cnn { get; } = new(
        "cnn", "3×3 convolution to 10 channels, ReLU, max pooling, then linear layers with ReLU", Models.Cnn.FirstLayer, Before: [HiddenPlace.Convolution], Hidden: [100], After: [2], Models.Cnn.Build);

    /// <summary>A small recurrent network.</summary>
    public static ModelKind Rnn { get; } = new(
        "rnn", "two GRUs of 64 units that read an image row by row, the last step, then linear layers with ReLU", Models.Rnn.FirstLayer, Before: [HiddenPlace.Recurrent, HiddenPlace.Recurrent], Hidden: [64], After: [1], Models.Rnn.Build);

    /// <summary>A small network of three-dimensional convolution.</summary>
    public static ModelKind Cnn3d { get; } = new(
        "cnn3d",
        "an image as a solid of 8 layers, as high as its pixels are bright; 3×3×3 convolution to 10 channels, ReLU, max pooling, then linear layers with ReLU",
        Models.Cnn.FirstLayer,
        Before: [HiddenPlace.Convolution3d],
        Hidden: [100],
        After: [2],
        Models.Cnn3d.Build);

    /// <summary>A small network of words.</summary>
    public static ModelKind Embedding { get; } = new(
        "embedding", "each pixel is a word, one of 32 shades, with a learned vector of 10 numbers; then linear layers with ReLU", EmbeddingNetwork.FirstLayer, Before: [HiddenPlace.Embedding], Hidden: [128], After: [1], EmbeddingNetwork.Build);

    /// <summary>Every network.</summary>
    public static IReadOnlyList<ModelKind> All { get; } = [Mlp, Cnn, Rnn, Cnn3d, Embedding];

    /// <summary>The network called <paramref name="name"/>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none; the message suggests the nearest name.</exception>
    public static ModelKind Find(string name) => NearestName.Find("model", All, kind => kind.Name, name);
}

/// <summary>A network that comparisons know by name. Its hidden layers are counted from 1 at the input, linear ones last.</summary>
/// <param name="Name">Its name on the command line and in results.</param>
/// <param name="Summary">What it is, in a few words.</param>
/// <param name="FirstLayer">Name of its first layer with weights, the one the reference penalises.</param>
/// <param name="Before">What its hidden layers before the linear ones are; a network that has any needs images.</param>
/// <param name="Hidden">Widths of its linear hidden layers, unless others are asked for.</param>
/// <param name="After">The hidden layers that are regularised, unless others are asked for.</param>
/// <param name="Build">Makes the network on the CPU.</param>
[JsonConverter(typeof(ModelKindConverter))]
public sealed record ModelKind(
    string Name,
    string Summary,
    string FirstLayer,
    IReadOnlyList<HiddenPlace> Before,
    IReadOnlyList<int> Hidden,
    IReadOnlyList<int> After,
    Func<ModelSettings, nn.Module<Tensor, Tensor>> Build)
{
    /// <summary>Whether its inputs are images <c>[N,C,H,W]</c> and not rows <c>[N,F]</c>.</summary>
    public bool NeedsImages => Before.Count > 0;

    /// <summary>What a hidden layer is.</summary>
    /// <param name="hidden">Its number.</param>
    public HiddenPlace PlaceOf(int hidden) => hidden <= Before.Count ? Before[hidden - 1] : HiddenPlace.Linear;

    /// <summary>Whether it takes the samples of <paramref name="dataset"/> as rows and not as images.</summary>
    /// <param name="dataset">The data set.</param>
    /// <exception cref="UserErrorException">It needs images, and these are none.</exception>
    internal bool Flattens(Dataset dataset) => !NeedsImages || (dataset is ImageDataset ? false : throw new UserErrorException(
        $"the data set of model {Name} must hold images, but {dataset.Name} holds rows of measurements; mlp takes them."));
}

/// <summary>What a model is built from.</summary>
/// <param name="InputShape">Shape of one sample: <c>[F]</c>, or <c>[C,H,W]</c> for a model that needs images.</param>
/// <param name="NumClasses">Number of classes.</param>
/// <param name="Hidden">Widths of the linear hidden layers.</param>
/// <param name="Regularization">How its hidden layers are regularised.</param>
public sealed record ModelSettings(IReadOnlyList<long> InputShape, long NumClasses, IReadOnlyList<int> Hidden, Regularization Regularization)
{
    /// <summary>Whether the network standardises its inputs before all else.</summary>
    public bool Standardize { get; init; }

    /// <summary>Numbers of a sample.</summary>
    internal long InputSize => InputShape.Aggregate((a, b) => a * b);

    /// <summary>What stands before the first layer.</summary>
    internal IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> InputLayers() => Standardize ? [("input", new InputStandardization(InputShape))] : [];

    /// <summary>The regularising layer after a hidden layer, under the name that it has in every network; nothing where there is none.</summary>
    internal static IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> LayerAfter(int hidden, nn.Module<Tensor, Tensor>? layer) =>
        layer is null ? [] : [(Invariant($"layer{hidden}"), layer)];
}

internal sealed class ModelKindConverter() : TextConverter<ModelKind>(ModelCatalog.Find, kind => kind.Name);
