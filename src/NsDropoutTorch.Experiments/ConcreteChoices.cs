namespace NsDropoutTorch.Experiments;

/// <summary>The options of <c>concrete</c>.</summary>
internal static class ConcreteChoices
{
    private static readonly LayerOption<double> Temperature = LayerOption.Real(
        "temperature", "of the relaxed mask", "a number above 0", ConcreteDropoutOptions.Default.Temperature, t => double.IsFinite(t) && t > 0);

    private static readonly LayerOption<double> Entropy = LayerOption.Real(
        "entropy",
        "factor on the negative entropy of the mask, 1/N in the paper",
        "a number of at least 0",
        ConcreteDropoutOptions.Default.DropoutRegularizer,
        factor => double.IsFinite(factor) && factor >= 0);

    public static IReadOnlyList<LayerOption> All { get; } = [LayerOption.P, Temperature, Entropy];

    public static ConcreteDropoutOptions Of(LayerSpecification layer) => new() { Temperature = layer.Of(Temperature), DropoutRegularizer = layer.Of(Entropy) };
}
