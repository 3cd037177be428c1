namespace NsDropoutTorch.Training.Data;

/// <summary>
/// Draws lines with soft edges: a pixel's intensity is radius + ½ − its distance to the nearest line, held to [0, 1].
/// Square roots are the hardest arithmetic here, and IEEE 754 rounds them exactly.
/// </summary>
internal static class Pen
{
    /// <summary>Raises the pixels of <paramref name="image"/> (row-major) near a chain of lines.</summary>
    public static void Draw(Span<double> image, int width, List<StrokePoint> chain, double radius)
    {
        for (var i = 0; i + 1 < chain.Count; i++)
            DrawLine(image, width, chain[i], chain[i + 1], radius);
    }

    private static void DrawLine(Span<double> image, int width, StrokePoint a, StrokePoint b, double radius)
    {
        var reach = radius + 0.5;
        var (left, right) = Range(a.X, b.X, reach, width);
        var (top, bottom) = Range(a.Y, b.Y, reach, image.Length / width);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var intensity = Math.Clamp(reach - Distance(new StrokePoint(x, y), a, b), 0, 1);
                image[(y * width) + x] = Math.Max(image[(y * width) + x], intensity);
            }
        }
    }

    private static (int From, int To) Range(double a, double b, double reach, int size) =>
        ((int)Math.Clamp(Math.Ceiling(Math.Min(a, b) - reach), 0, size), (int)Math.Clamp(Math.Floor(Math.Max(a, b) + reach), -1, size - 1));

    private static double Distance(StrokePoint p, StrokePoint a, StrokePoint b)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var length = (dx * dx) + (dy * dy);
        var t = length > 0 ? Math.Clamp((((p.X - a.X) * dx) + ((p.Y - a.Y) * dy)) / length, 0, 1) : 0;
        var (ex, ey) = (p.X - a.X - (t * dx), p.Y - a.Y - (t * dy));
        return Math.Sqrt((ex * ex) + (ey * ey));
    }
}
