using System.Globalization;

namespace NsDropoutTorch.Experiments.Layers;

/// <summary>An option of a regularising layer, written after the layer's name: <c>dropout:p=0.5</c>.</summary>
public abstract class LayerOption
{
    private protected LayerOption(string name, string meaning, string values) => (Name, Meaning, Values) = (name, meaning, values);

    /// <summary>Its name on the command line and in results.</summary>
    public string Name { get; }

    /// <summary>What it does, in a few words.</summary>
    public string Meaning { get; }

    /// <summary>What its values are, in words.</summary>
    public string Values { get; }

    /// <summary>The value of a layer that does not name the option; null where <see cref="Meaning"/> says what happens then.</summary>
    public abstract string? Default { get; }

    /// <summary>The rate of every layer that has one.</summary>
    internal static LayerOption<double> P { get; } = Real("p", "rate of what is dropped; by default the comparison's own", "a number in [0, 1)", null, p => p is >= 0 and < 1);

    internal static LayerOption<bool> Flag(string name, string meaning, bool defaultValue = false) =>
        new(name, meaning, "true or false", defaultValue, text => text switch { "true" => true, "false" => false, _ => null }, flag => flag ? "true" : "false");

    /// <summary>A whole number of at least <paramref name="minimum"/>.</summary>
    internal static LayerOption<long> Whole(string name, string meaning, long minimum, long? defaultValue) => new(
        name,
        meaning,
        Invariant($"a whole number of at least {minimum}"),
        defaultValue,
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum ? number : null,
        number => number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number for which <paramref name="rule"/> holds; <paramref name="values"/> says the rule in words.</summary>
    internal static LayerOption<double> Real(string name, string meaning, string values, double? defaultValue, Func<double, bool> rule) => new(
        name,
        meaning,
        values,
        defaultValue,
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && rule(number) ? number : null,
        number => number.ToString(CultureInfo.InvariantCulture));

    /// <summary>One of several values, each with its word; the first is the default.</summary>
    internal static LayerOption<T> OneOf<T>(string name, string meaning, params (string Word, T Value)[] words)
        where T : struct => new(
            name,
            meaning,
            string.Join(" or ", words.Select(word => word.Word)),
            words[0].Value,
            text => Array.Find(words, word => word.Word == text) is { Word: not null } found ? found.Value : null,
            value => Array.Find(words, word => word.Value.Equals(value)).Word);

    /// <summary>The value that <paramref name="text"/> stands for, and how it is written in results; null where it stands for none.</summary>
    internal abstract (object Value, string Text)? Read(string text);
}

/// <summary>An option whose values are of one type.</summary>
/// <typeparam name="T">The type.</typeparam>
public sealed class LayerOption<T> : LayerOption
    where T : struct
{
    private readonly Func<string, T?> read;
    private readonly Func<T, string> write;

    internal LayerOption(string name, string meaning, string values, T? defaultValue, Func<string, T?> read, Func<T, string> write)
        : base(name, meaning, values) => (DefaultValue, this.read, this.write) = (defaultValue, read, write);

    /// <inheritdoc/>
    public override string? Default => DefaultValue is { } value ? write(value) : null;

    /// <summary><see cref="Default"/> as a value.</summary>
    internal T? DefaultValue { get; }

    internal override (object Value, string Text)? Read(string text) => read(text) is { } value ? (value, write(value)) : null;
}
