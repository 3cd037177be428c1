namespace NsDropoutTorch.Training.Display;

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
