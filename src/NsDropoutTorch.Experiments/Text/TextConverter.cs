using System.Text.Json;
using System.Text.Json.Serialization;

namespace NsDropoutTorch.Experiments.Text;

/// <summary>A value that documents hold as the text by which people name it.</summary>
/// <param name="read">From the text; throws where it names nothing.</param>
/// <param name="write">To the text.</param>
internal abstract class TextConverter<T>(Func<string, T> read, Func<T, string> write) : JsonConverter<T>
{
    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => read(reader.GetString()!);

    public sealed override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
}
