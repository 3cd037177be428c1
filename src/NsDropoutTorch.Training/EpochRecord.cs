using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using NsDropoutTorch.Dropouts;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>What one epoch of training measured. Errors are fractions in [0, 1].</summary>
/// <param name="Epoch">Number of the epoch, from 0.</param>
/// <param name="TrainLoss">Mean loss of the fit part as seen while training (dropout on, weights moving), without what is added to it.</param>
/// <param name="PenaltyLoss">Mean of what is added to the loss over the steps, penalties and the terms of modules; 0 without any.</param>
/// <param name="TrainError">Part of the fit samples that were wrong while training; NaN where the objective counts no errors.</param>
/// <param name="SelectionLoss">Mean loss of the selection part after the epoch, in evaluation mode; null without a selection part.</param>
/// <param name="SelectionError">Part of the selection samples that are wrong after the epoch; null without a selection part, and where the objective counts no errors.</param>
/// <param name="LearningRate">Learning rate of the epoch's last step.</param>
/// <param name="Seconds">Wall-clock time of the epoch with its validation pass, without callbacks. On a device, work that a callback waits for counts as the callback's.</param>
public sealed record EpochRecord(
    int Epoch,
    double TrainLoss,
    double PenaltyLoss,
    double TrainError,
    double? SelectionLoss,
    double? SelectionError,
    double LearningRate,
    double Seconds)
{
    /// <summary>Drop rates that layers learn, by the names of their modules, as they were after the epoch; empty when none is learned.</summary>
    public LearnedRates LearnedRates { get; init; } = LearnedRates.None;
}

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

/// <summary>Learned rates as a JSON object of numbers.</summary>
internal sealed class LearnedRatesConverter : JsonConverter<LearnedRates>
{
    public override LearnedRates Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize<OrderedDictionary<string, double>>(ref reader, options)!);

    public override void Write(Utf8JsonWriter writer, LearnedRates value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize<IReadOnlyDictionary<string, double>>(writer, value, options);
}
