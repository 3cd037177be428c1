namespace NsDropoutTorch.Training.Display;

/// <summary>One figure over epochs.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Style">Its style class: <c>train</c>, <c>selection</c> or <c>leak</c>.</param>
/// <param name="Points">Its values where there are any, by epoch.</param>
internal sealed record Curve(string Name, string Style, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>Middle and range over runs at each epoch.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="style">Its style class.</param>
    /// <param name="records">What was recorded of any number of runs.</param>
    /// <param name="epoch">The epoch of a record.</param>
    /// <param name="figure">Its figure; null and NaN are left out.</param>
    public static Curve Of<T>(string name, string style, IEnumerable<T> records, Func<T, int> epoch, Func<T, double?> figure) => new(
        name,
        style,
        [
            .. records
                .Where(record => figure(record) is { } value && double.IsFinite(value))
                .GroupBy(epoch, record => figure(record)!.Value)
                .OrderBy(values => values.Key)
                .Select(values => CurvePoint.Of(values.Key, [.. values.Order()])),
        ]);
}
