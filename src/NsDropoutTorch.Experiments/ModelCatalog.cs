namespace NsDropoutTorch.Experiments;

/// <summary>All networks that can be compared, by name.</summary>
public static class ModelCatalog
{
    /// <summary>Every network.</summary>
    public static IReadOnlyList<ModelKind> All { get; } =
    [
        new("mlp", "linear layers with ReLU; the regularising layer after the first activation", Mlp.FirstLayer, Mlp.Build),
    ];

    /// <summary>The network called <paramref name="name"/>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none; the message suggests the nearest name.</exception>
    public static ModelKind Find(string name) => Catalog.Find("model", All, kind => kind.Name, name);
}
