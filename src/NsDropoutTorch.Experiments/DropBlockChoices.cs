namespace NsDropoutTorch.Experiments;

/// <summary>The options of <c>dropblock</c>.</summary>
internal static class DropBlockChoices
{
    public static LayerOption<long> BlockSize { get; } = LayerOption.Whole("block-size", "side of the squares", 1, 7);
}
