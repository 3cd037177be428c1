namespace NsDropoutTorch.Experiments.Report;

/// <summary>One figure of a layer's runs over epochs.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Style">Its style class: <c>train</c>, <c>selection</c> or <c>leak</c>.</param>
/// <param name="Points">Its values where there are any, by epoch.</param>
internal sealed record Curve(string Name, string Style, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>Middle and range over seeds at each epoch.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="style">Its style class.</param>
    /// <param name="runs">The runs of one layer.</param>
    /// <param name="figure">The figure; null and NaN are left out.</param>
    public static Curve Of(string name, string style, IEnumerable<RunResult> runs, Func<HistoryPoint, double?> figure) => new(
        name,
        style,
        [
            .. runs.SelectMany(run => run.History)
                .Where(point => figure(point) is { } value && double.IsFinite(value))
                .GroupBy(point => point.Epoch, point => figure(point)!.Value)
                .OrderBy(epoch => epoch.Key)
                .Select(epoch => CurvePoint.Of(epoch.Key, [.. epoch.Order()])),
        ]);
}
