using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
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
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LetNullsBeMissing } },
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        Converters = { new FiniteOrNullConverter() },
    };

    /// <summary>Indented, with what is long on lines of its own: files.</summary>
    public static JsonSerializerOptions Indented { get; } = new(Compact)
    {
        WriteIndented = true,
        NewLine = "\n",
        Converters =
        {
            new OneLineEachConverter<HistoryPoint>(Compact),
            new OneLineEachConverter<IReadOnlyList<long>>(Compact),
            new OneLineEachConverter<MaskSnapshot>(Compact),
            new OneLineEachConverter<TestExample>(Compact),
            new OneLineConverter<SplitCounts>(Compact),
        },
    };

    // A figure that was not measured may be missing.
    private static void LetNullsBeMissing(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => Nullable.GetUnderlyingType(property.PropertyType) is not null))
        {
            property.IsRequired = false;
        }
    }
}

/// <summary>Writes a value on one line of an otherwise indented document.</summary>
/// <param name="compact">Options without indentation.</param>
internal sealed class OneLineConverter<T>(JsonSerializerOptions compact) : JsonConverter<T>
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonSerializer.Deserialize<T>(ref reader, compact);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(value, compact), skipInputValidation: true);
}

/// <summary>Writes a list with one line per item in an otherwise indented document: epochs, rows of a matrix.</summary>
/// <param name="compact">Options without indentation.</param>
internal sealed class OneLineEachConverter<T>(JsonSerializerOptions compact) : JsonConverter<IReadOnlyList<T>>
{
    public override IReadOnlyList<T>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<T[]>(ref reader, compact);

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        // The writer puts no line break before a raw value in an array; white space is part of JSON, so the value brings its own.
        var line = options.NewLine + new string(options.IndentCharacter, options.IndentSize * writer.CurrentDepth);
        foreach (var item in value)
        {
            writer.WriteRawValue(Encoding.UTF8.GetBytes(line + JsonSerializer.Serialize(item, compact)), skipInputValidation: true);
        }

        writer.WriteEndArray();
    }
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
