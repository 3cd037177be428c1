using System.Text.Json;
using System.Text.Json.Serialization;

namespace NsDropoutTorch.Experiments;

/// <summary>Writes a value on one line of an otherwise indented document.</summary>
/// <param name="compact">Options without indentation.</param>
internal sealed class OneLineConverter<T>(JsonSerializerOptions compact) : JsonConverter<T>
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonSerializer.Deserialize<T>(ref reader, compact);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(value, compact), skipInputValidation: true);
}
