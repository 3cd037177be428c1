using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace NsDropoutTorch.Training.Display;

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
