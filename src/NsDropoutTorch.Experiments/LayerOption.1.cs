namespace NsDropoutTorch.Experiments;

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
