using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using NsDropoutTorch.Dropouts;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Numbers by name, in an order of their own. Two are equal when names and numbers are.</summary>
[JsonConverter(typeof(NamedValuesConverter))]
public sealed class NamedValues : ReadOnlyDictionary<string, double>, IEquatable<NamedValues>
{
    /// <summary>Creates them from pairs of name and number.</summary>
    /// <param name="values">No name twice.</param>
    public NamedValues(IEnumerable<KeyValuePair<string, double>> values)
        : base(new OrderedDictionary<string, double>(values, StringComparer.Ordinal))
    {
    }

    /// <summary>None.</summary>
    public static NamedValues None { get; } = new([]);

    /// <summary>Whether names and numbers are the same.</summary>
    /// <param name="other">Others.</param>
    public bool Equals(NamedValues? other) => other is not null && this.SequenceEqual(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NamedValues);

    /// <inheritdoc/>
    public override int GetHashCode() => this.Aggregate(Count, HashCode.Combine);

    /// <summary>For example <c>drop1=0.1042 drop2=0.3311</c>.</summary>
    public override string ToString() => string.Join(' ', this.Select(value => FormattableString.Invariant($"{value.Key}={value.Value:F4}")));

    /// <summary><see cref="None"/> itself where there are none.</summary>
    internal static NamedValues Of(IReadOnlyCollection<KeyValuePair<string, double>> values) => values.Count == 0 ? None : new(values);
}

/// <summary>Drop rates that the modules of a model learn.</summary>
public static class LearnedRates
{
    /// <summary>The rates learned so far, by the names of the modules in the model's order, read from the device.</summary>
    /// <param name="model">The model; if it is itself such a layer, it goes by its type's name.</param>
    public static NamedValues Of(nn.Module model) => NamedValues.Of([.. NamedModules.Of<ILearnedRate>(model).Select(named => KeyValuePair.Create(named.Name, named.Module.p))]);
}

/// <summary>Named values as a JSON object of numbers.</summary>
internal sealed class NamedValuesConverter : JsonConverter<NamedValues>
{
    public override NamedValues Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize<OrderedDictionary<string, double>>(ref reader, options)!);

    public override void Write(Utf8JsonWriter writer, NamedValues value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize<IReadOnlyDictionary<string, double>>(writer, value, options);
}
