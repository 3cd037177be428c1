using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Layers;

/// <summary>A layer with its options, as a comparison names it: <c>nsdropout:p=0.3:absolute=true</c>.</summary>
[SuppressMessage("Usage", "CA2225", Justification = "Parse is the named form.")]
[JsonConverter(typeof(LayerSpecificationConverter))]
public sealed class LayerSpecification : IEquatable<LayerSpecification>
{
    private const char Separator = ':';

    private readonly Dictionary<LayerOption, (object Value, string Text)> given;

    private LayerSpecification(LayerKind kind, Dictionary<LayerOption, (object Value, string Text)> given) => (Kind, this.given) = (kind, given);

    /// <summary>The layer.</summary>
    public LayerKind Kind { get; }

    /// <summary>Reads a name and options, separated by colons, in any order.</summary>
    /// <param name="text">For instance <c>dropout:p=0.5</c>.</param>
    /// <exception cref="ArgumentException">There is no such layer or option, or the option has no such value.</exception>
    public static LayerSpecification Parse(string text)
    {
        var parts = text.Split(Separator, StringSplitOptions.TrimEntries);
        var kind = LayerCatalog.Find(parts[0]);
        var options = Array.ConvertAll(parts[1..], part => Read(kind, part));
        var twice = options.GroupBy(option => option.Option).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? new(kind, options.ToDictionary(option => option.Option, option => option.Value))
            : throw Require.Broken($"options of {kind.Name} must differ from each other, but got '{twice.Key.Name}' twice.");
    }

    /// <summary>What <see cref="Parse"/> reads: in a list of layers a text stands for its layer.</summary>
    /// <param name="text">For instance <c>dropout:p=0.5</c>.</param>
    public static implicit operator LayerSpecification(string text) => Parse(text);

    /// <summary>Whether both are the same layer with the same options.</summary>
    /// <param name="other">Another.</param>
    public bool Equals(LayerSpecification? other) => other is not null && other.ToString() == ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LayerSpecification);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The layer's rate; 0 for a layer without one.</summary>
    /// <param name="defaultP">The rate of a layer that names none.</param>
    public double P(double defaultP) => Kind.UsesP ? Find(LayerOption.P) ?? defaultP : 0;

    /// <summary>The name and the options given, in the order of <see cref="LayerKind.Options"/>: equal texts are equal layers.</summary>
    public override string ToString() =>
        string.Join(Separator, Kind.Options.Where(given.ContainsKey).Select(option => $"{option.Name}={given[option].Text}").Prepend(Kind.Name));

    /// <summary>Whether a value is given.</summary>
    internal bool Gives(LayerOption option) => given.ContainsKey(option);

    /// <summary>The value given; null where none is.</summary>
    internal T? Find<T>(LayerOption<T> option)
        where T : struct => given.TryGetValue(option, out var found) ? (T)found.Value : null;

    /// <summary>The value given, or the option's default.</summary>
    internal T Of<T>(LayerOption<T> option)
        where T : struct => Find(option) ?? option.DefaultValue!.Value;

    private static (LayerOption Option, (object Value, string Text) Value) Read(LayerKind kind, string part)
    {
        if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [var name, var text])
        {
            throw Require.Broken($"options of a layer must be written name=value, separated by colons, but got '{part}' after {kind.Name}.");
        }

        if (kind.Options.Count == 0)
        {
            throw Require.Broken($"{kind.Name} has no options, but got '{name}'.");
        }

        var option = NearestName.Find($"option of {kind.Name}", kind.Options, option => option.Name, name);
        return (option, option.Read(text) ?? throw Require.Broken($"{name} of {kind.Name} must be {option.Values}, but got '{text}'."));
    }
}

internal sealed class LayerSpecificationConverter() : TextConverter<LayerSpecification>(LayerSpecification.Parse, layer => layer.ToString());
