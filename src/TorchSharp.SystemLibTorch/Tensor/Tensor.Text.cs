using System.Globalization;
using System.Text;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private const int ShownPerEdge = 3;
        private const int ShownWhole = 1000;

        /// <summary>The shape, type and device on one line.</summary>
        public override string ToString() =>
            IsInvalid ? "<invalid>" : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        /// <summary>That line and the elements, long dimensions cut in the middle.</summary>
        public string ToString(bool disamb, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null)
        {
            using var scope = NewDisposeScope();
            var text = new StringBuilder(ToString()).Append(", value = ");
            var host = detach().cpu();
            if (host.is_floating_point()) host = host.@double();
            AppendElements(text, host, numel() <= ShownWhole, fltFormat ?? "g5", cultureInfo ?? CultureInfo.InvariantCulture);
            return text.ToString();
        }

        private static void AppendElements(StringBuilder text, Tensor part, bool whole, string format, CultureInfo culture)
        {
            if (part.ndim == 0)
            {
                text.Append(part.is_floating_point()
                    ? part.ToDouble().ToString(format, culture)
                    : part.dtype == ScalarType.Bool ? part.ToBoolean().ToString(culture) : part.ToInt64().ToString(culture));
                return;
            }

            var length = part.size(0);
            text.Append('[');
            for (long i = 0; i < length; i++)
            {
                if (i > 0) text.Append(' ');
                if (!whole && i == ShownPerEdge && length > 2 * ShownPerEdge)
                {
                    text.Append("... ");
                    i = length - ShownPerEdge;
                }

                using var element = part[i];
                AppendElements(text, element, whole, format, culture);
            }

            text.Append(']');
        }
    }
}
