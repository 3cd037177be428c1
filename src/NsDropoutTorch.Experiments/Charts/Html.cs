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
