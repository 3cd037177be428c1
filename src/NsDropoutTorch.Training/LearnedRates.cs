using System.Collections.ObjectModel;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Drop rates by the names of the modules that learn them, in the model's order. Two are equal when names and rates are.</summary>
[JsonConverter(typeof(LearnedRatesConverter))]
public sealed class LearnedRates : ReadOnlyDictionary<string, double>, IEquatable<LearnedRates>
{
    /// <summary>Creates rates from pairs of name and rate.</summary>
    /// <param name="rates">No name twice.</param>
    public LearnedRates(IEnumerable<KeyValuePair<string, double>> rates)
        : base(new OrderedDictionary<string, double>(rates, StringComparer.Ordinal))
    {
    }

    /// <summary>No rates.</summary>
    public static LearnedRates None { get; } = new([]);

    /// <summary>The rates that the modules of a model have learned so far, read from the device.</summary>
    /// <param name="model">The model; if it is itself such a layer, it goes by its type's name.</param>
    public static LearnedRates Of(nn.Module model)
    {
        var rates = NamedModules.Of<ILearnedRate>(model).Select(named => KeyValuePair.Create(named.Name, named.Module.p)).ToList();
        return rates.Count == 0 ? None : new(rates);
    }

    /// <summary>Whether names and rates are the same.</summary>
    /// <param name="other">Other rates.</param>
    public bool Equals(LearnedRates? other) => other is not null && this.SequenceEqual(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LearnedRates);

    /// <inheritdoc/>
    public override int GetHashCode() => this.Aggregate(Count, HashCode.Combine);

    /// <summary>For example <c>drop1=0.1042 drop2=0.3311</c>.</summary>
    public override string ToString() => string.Join(' ', this.Select(rate => FormattableString.Invariant($"{rate.Key}={rate.Value:F4}")));
}
