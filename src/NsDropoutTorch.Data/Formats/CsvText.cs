using System.Text;

namespace NsDropoutTorch.Data.Formats;

/// <summary>Reads the text of a CSV file: UTF-8, or UTF-16 or UTF-32 that begins with its mark. Whatever is wrong is a <see cref="DataFormatException"/>.</summary>
internal static class CsvText
{
    // .NET's strings hold no more than about twice that.
    private const int MostCharacters = 500_000_000;

    /// <summary>The text of a file, compressed or not, without its mark.</summary>
    public static string ReadFile(string path) => DataFileReader.Read(path, (stream, _) =>
    {
        using var reader = new StreamReader(FileKind.CheckText(stream, path), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        try
        {
            var text = Read(reader, path);
            var zero = text.IndexOf('\0', StringComparison.Ordinal);
            return zero < 0 ? text : throw new DataFormatException(
                Invariant($"A CSV file must be text in UTF-8, but {path}, line {1 + text.AsSpan(0, zero).Count('\n')} holds a zero byte: is it another kind of file, or UTF-16 without its mark? Save it as UTF-8."));
        }
        catch (DecoderFallbackException e)
        {
            throw new DataFormatException($"A CSV file must be text in UTF-8, but {path} is not (byte {e.BytesUnknown?.FirstOrDefault():x2}): save it as UTF-8.", e);
        }
    });

    private static string Read(StreamReader reader, string path)
    {
        var text = new StringBuilder();
        var buffer = new char[1 << 16];
        while (reader.Read(buffer) is var count && count > 0)
        {
            if (text.Length + count > MostCharacters)
                throw new DataFormatException($"A CSV file must hold at most {MostCharacters / 1_000_000} million characters, but {path} holds more: divide it, or write it as IDX files.");
            text.Append(buffer, 0, count);
        }

        return text.ToString();
    }
}
