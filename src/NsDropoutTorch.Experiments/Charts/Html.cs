using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>A piece of HTML or SVG. Text becomes one only by being escaped: <c>Html.Of($"&lt;td&gt;{anything}&lt;/td&gt;")</c>.</summary>
internal sealed class Html
{
    private readonly string text;

    private Html(string text) => this.text = text;

    public static Html Empty { get; } = new("");

    /// <summary>The literal parts as they are; what stands in holes is escaped unless it is <see cref="Html"/> itself.</summary>
    public static Html Of(HtmlHandler handler) => new(handler.Finish());

    /// <summary>Text that is markup already. Only for what belongs to this assembly.</summary>
    public static Html Trusted(string markup) => new(markup);

    /// <summary>The pieces one after another.</summary>
    public static Html Join(IEnumerable<Html> pieces, string separator = "") => new(string.Join(separator, pieces.Select(piece => piece.text)));

    public override string ToString() => text;
}

/// <summary>Puts interpolated strings together as HTML: whatever comes from outside is escaped, for element content and quoted attributes alike.</summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlHandler(int literalLength, int holes)
{
    private const int TypicalHole = 16;

    private readonly StringBuilder builder = new(literalLength + (holes * TypicalHole));

    public void AppendLiteral(string literal) => builder.Append(literal);

    public void AppendFormatted(Html html) => builder.Append(html);

    public void AppendFormatted(IEnumerable<Html> pieces) => builder.AppendJoin("", pieces);

    public void AppendFormatted(string? text) => builder.Append(WebUtility.HtmlEncode(text));

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public string Finish() => builder.ToString();
}

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
