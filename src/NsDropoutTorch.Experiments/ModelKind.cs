using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments;

/// <summary>A network that comparisons know by name. Its hidden layers are counted from 1 at the input, convolutions before linear ones.</summary>
/// <param name="Name">Its name on the command line and in results.</param>
/// <param name="Summary">What it is, in a few words.</param>
/// <param name="FirstLayer">Name of its first layer with weights, the one the reference penalises.</param>
/// <param name="Convolutions">Number of its convolutions; a network that has any needs images.</param>
/// <param name="Hidden">Widths of its linear hidden layers, unless others are asked for.</param>
/// <param name="After">The hidden layers that are regularised, unless others are asked for.</param>
/// <param name="Build">Makes the network on the CPU.</param>
public sealed record ModelKind(
    string Name,
    string Summary,
    string FirstLayer,
    int Convolutions,
    IReadOnlyList<int> Hidden,
    IReadOnlyList<int> After,
    Func<ModelSettings, nn.Module<Tensor, Tensor>> Build)
{
    /// <summary>Whether its inputs are images <c>[N,C,H,W]</c> and not rows <c>[N,F]</c>.</summary>
    public bool NeedsImages => Convolutions > 0;

    /// <summary>Whether a hidden layer is a convolution.</summary>
    /// <param name="hidden">Its number.</param>
    public bool IsConvolution(int hidden) => hidden <= Convolutions;

    /// <summary>Whether it takes the samples of <paramref name="dataset"/> as rows and not as images.</summary>
    /// <param name="dataset">The data set.</param>
    /// <exception cref="UserErrorException">It needs images, and these are none.</exception>
    internal bool Flattens(Dataset dataset) => !NeedsImages || (dataset is ImageDataset ? false : throw new UserErrorException(
        $"the data set of model {Name} must hold images, but {dataset.Name} holds rows of measurements; mlp takes them."));
}
