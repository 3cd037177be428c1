using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments;

/// <summary>Whether every layer of a comparison has a form for the places it is to stand in.</summary>
internal static class LayerPlacement
{
    /// <summary><paramref name="settings"/>, if so.</summary>
    /// <exception cref="ArgumentException">There is no such hidden layer, or a layer cannot stand there.</exception>
    public static ComparisonSettings Checked(ComparisonSettings settings)
    {
        foreach (var hidden in settings.After)
        {
            Check(settings, ModelCatalog.Find(settings.Model), hidden);
        }

        return settings;
    }

    private static void Check(ComparisonSettings settings, ModelKind model, int hidden)
    {
        if (hidden > settings.HiddenLayers)
        {
            throw Require.Broken(Invariant($"after must hold numbers of hidden layers, of which {model.Name} has {settings.HiddenLayers} here, but got {hidden}."));
        }

        var isConvolution = model.IsConvolution(hidden);
        if (settings.Layers.Select(LayerSpecification.Parse).FirstOrDefault(layer => !layer.Kind.Fits(isConvolution)) is { } misfit)
        {
            throw Require.Broken(
                $"a layer must have a form for the place where it stands, but {misfit.Kind.Name} has none for {(isConvolution ? "channels" : "features")}, "
                + Invariant($"and hidden layer {hidden} of {model.Name} is {(isConvolution ? "a convolution" : "linear")}."));
        }
    }
}
