using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NsDropoutTorch.Experiments;

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
