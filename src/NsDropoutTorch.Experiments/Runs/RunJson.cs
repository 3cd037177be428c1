using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>How runs and results are written as JSON.</summary>
public static class RunJson
{
    /// <summary>The version of the structure of all documents that this code writes and reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Without line breaks: messages between processes.</summary>
    public static JsonSerializerOptions Compact { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        Converters = { new FiniteOrNullConverter() },
    };

    /// <summary>Indented: files.</summary>
    public static JsonSerializerOptions Indented { get; } = new(Compact)
    {
        WriteIndented = true,
        NewLine = "\n",
    };
}

/// <summary>JSON has no NaN and no infinity: a diverged loss is written as null and read back as NaN.</summary>
internal sealed class FiniteOrNullConverter : JsonConverter<double>
{
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}

/// <summary>Turns what the file system refuses at a path that the user chose into a sentence.</summary>
internal static class ResultFile
{
    /// <summary>Writes, or removes, a file of the results.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="write">Does it, and nothing else.</param>
    /// <exception cref="UserErrorException">The file system refuses.</exception>
    public static void Write(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"A folder of results must be writable, but '{path}' cannot be written ({e.Message.TrimEnd('.')}); make room, or choose another folder.", e);
        }
    }
}
