namespace NsDropoutTorch.Training.Display;

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
