namespace NsDropoutTorch.Experiments.Charts;

/// <summary>A linear axis from zero to a round number.</summary>
internal sealed record LinearAxis
{
    private const int MostTicks = 6;

    private readonly double stride;
    private readonly int steps;

    private LinearAxis(double step, int steps) => (stride, this.steps) = (step, steps);

    /// <summary>Round values from zero to the end.</summary>
    public IEnumerable<double> Ticks => Enumerable.Range(0, steps + 1).Select(i => i * stride);

    /// <summary>The axis from zero that holds <paramref name="largest"/> in steps of 1, 2 or 5 times a power of ten.</summary>
    public static LinearAxis UpTo(double largest)
    {
        var end = largest > 0 && double.IsFinite(largest) ? largest : 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(end)) - 1);
        var step = new[] { 1.0, 2, 5, 10, 20, 50 }.Select(factor => factor * power).First(step => Steps(end, step) < MostTicks);
        return new(step, Steps(end, step));
    }

    /// <summary>The place of a value: 0 at zero, 1 at the end.</summary>
    public double Position(double value) => Math.Clamp(value / (stride * steps), 0, 1);

    private static int Steps(double end, double step) => (int)Math.Ceiling((end / step) - 1e-9);
}

/// <summary>A logarithmic axis over whole decades. Zero has no place on it and lies on its lower end.</summary>
internal sealed record LogAxis
{
    // Below a thousandth of a per cent no error is measured; a decade more than that would only flatten the rest.
    private const int LowestOfErrors = -5;

    private readonly int bottom;
    private readonly int top;

    private LogAxis(int lowest, int highest) => (bottom, top) = (lowest, highest);

    /// <summary>The values at the ends of decades, from the lowest.</summary>
    public IEnumerable<double> Ticks => Enumerable.Range(bottom, top - bottom + 1).Select(decade => Math.Pow(10, decade));

    /// <summary>Where lighter lines help: 2 and 5 times each tick.</summary>
    public IEnumerable<double> MinorTicks => Ticks.SkipLast(1).SelectMany(tick => new[] { 2 * tick, 5 * tick });

    /// <summary>The axis that holds all positive values, at least one decade long.</summary>
    /// <param name="values">The values; zero and what is not finite are left out.</param>
    /// <param name="lowestDecade">Where it begins at the lowest.</param>
    public static LogAxis Over(IEnumerable<double> values, int lowestDecade = LowestOfErrors)
    {
        var positive = values.Where(value => value > 0 && double.IsFinite(value)).DefaultIfEmpty(1).ToArray();
        var highest = (int)Math.Ceiling(Math.Log10(positive.Max()) - 1e-9);
        var lowest = Math.Max((int)Math.Floor(Math.Log10(positive.Min()) + 1e-9), lowestDecade);
        return new(Math.Min(lowest, highest - 1), highest);
    }

    /// <summary>The place of a value: 0 at the lower end, 1 at the upper.</summary>
    public double Position(double value) =>
        value <= 0 ? 0 : Math.Clamp((Math.Log10(value) - bottom) / (top - bottom), 0, 1);
}
