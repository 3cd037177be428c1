namespace NsDropoutTorch.Experiments;

/// <summary>All networks that can be compared, by name.</summary>
public static class ModelCatalog
{
    /// <summary>Every network.</summary>
    public static IReadOnlyList<ModelKind> All { get; } =
    [
        new("mlp", "linear layers with ReLU", Mlp.FirstLayer, Convolutions: 0, Hidden: [128, 128, 128], After: [1], Mlp.Build),
        new("cnn", "3×3 convolution to 10 channels, ReLU, max pooling, then linear layers with ReLU", Cnn.FirstLayer, Convolutions: 1, Hidden: [100], After: [2], Cnn.Build),
    ];

    /// <summary>The network called <paramref name="name"/>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none; the message suggests the nearest name.</exception>
    public static ModelKind Find(string name) => Catalog.Find("model", All, kind => kind.Name, name);
}
