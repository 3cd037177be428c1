namespace NsDropoutTorch.Training.Data;

/// <summary>What a pen draws between setting down and lifting: a way through a few points, bent or straight.</summary>
internal sealed record Stroke(IReadOnlyList<StrokePoint> Points, bool IsCurved)
{
    private const int PiecesPerSpan = 6;

    /// <summary>A smooth curve through points given as x, y, x, y, ….</summary>
    public static Stroke Curve(params ReadOnlySpan<double> coordinates) => new(Pair(coordinates), IsCurved: true);

    /// <summary>Straight lines from point to point.</summary>
    public static Stroke Lines(params ReadOnlySpan<double> coordinates) => new(Pair(coordinates), IsCurved: false);

    /// <summary>The corners of a chain of short straight lines along the stroke.</summary>
    public List<StrokePoint> Flatten()
    {
        if (!IsCurved)
            return [.. Points];
        var chain = new List<StrokePoint>((Points.Count * PiecesPerSpan) + 1) { Points[0] };
        for (var i = 0; i + 1 < Points.Count; i++)
        {
            var before = Points[Math.Max(i - 1, 0)];
            var after = Points[Math.Min(i + 2, Points.Count - 1)];
            for (var piece = 1; piece <= PiecesPerSpan; piece++)
                chain.Add(CatmullRom(before, Points[i], Points[i + 1], after, piece / (double)PiecesPerSpan));
        }

        return chain;
    }

    private static StrokePoint[] Pair(ReadOnlySpan<double> coordinates)
    {
        var points = new StrokePoint[coordinates.Length / 2];
        for (var i = 0; i < points.Length; i++)
            points[i] = new StrokePoint(coordinates[2 * i], coordinates[(2 * i) + 1]);
        return points;
    }

    private static StrokePoint CatmullRom(StrokePoint a, StrokePoint b, StrokePoint c, StrokePoint d, double t) =>
        new(CatmullRom(a.X, b.X, c.X, d.X, t), CatmullRom(a.Y, b.Y, c.Y, d.Y, t));

    private static double CatmullRom(double a, double b, double c, double d, double t) =>
        b + (0.5 * t * (c - a + (t * ((2 * a) - (5 * b) + (4 * c) - d + (t * ((3 * (b - c)) + d - a))))));
}
