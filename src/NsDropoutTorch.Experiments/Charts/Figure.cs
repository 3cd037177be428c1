namespace NsDropoutTorch.Experiments.Charts;

/// <summary>A drawing together with what it says to those who do not see it.</summary>
/// <param name="Id">Unique in the page; letters, digits and hyphens.</param>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Description">What there is to see, with numbers.</param>
/// <param name="Width">Width of the drawing's own coordinates, which are pixels at its natural size.</param>
/// <param name="Height">Height.</param>
internal sealed record Figure(string Id, string Title, string Description, double Width, double Height)
{
    /// <summary>The figure.</summary>
    /// <param name="drawing">SVG elements.</param>
    /// <param name="caption">What stands above it.</param>
    public Html Of(Html drawing, Html caption) => Html.Of(
        $"""
        <figure>
        <figcaption>{caption}</figcaption>
        <svg viewBox="0 0 {Width:0.#} {Height:0.#}" role="img" aria-label="{Title}" aria-describedby="{Id}">
        <title>{Title}</title>
        <desc id="{Id}">{Description}</desc>
        {drawing}
        </svg>
        </figure>

        """);
}
