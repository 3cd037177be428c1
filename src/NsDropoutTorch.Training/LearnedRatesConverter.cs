using System.Text.Json;
using System.Text.Json.Serialization;

namespace NsDropoutTorch.Training;

/// <summary>Learned rates as a JSON object of numbers.</summary>
internal sealed class LearnedRatesConverter : JsonConverter<LearnedRates>
{
    public override LearnedRates Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize<OrderedDictionary<string, double>>(ref reader, options)!);

    public override void Write(Utf8JsonWriter writer, LearnedRates value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize<IReadOnlyDictionary<string, double>>(writer, value, options);
}
